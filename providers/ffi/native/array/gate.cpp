#include "array/gate.h"

#include <algorithm>
#include <chrono>

namespace vdsc {
namespace {

constexpr std::chrono::milliseconds kLatency(50);
constexpr ULONG kErrorIoDevice = 1117;

const char* nameOf(Trouble trouble) {
  return trouble == Trouble::deviceError ? "device-error" : trouble == Trouble::latency ? "latency" : "hang";
}

}  // namespace

void Gate::pass(Request& request, Method method, const Scope& scope) {
  for (const Wait& wait : waits_) {
    if (std::none_of(wait.subSystems.begin(), wait.subSystems.end(),
                     [&](const GUID& id) { return contains(scope.subSystems, id); }))
      continue;
    if (request.by_ == Request::By::call && lists_VDS_E_ANOTHER_CALL_IN_PROGRESS(method))
      fail(VDS_E_ANOTHER_CALL_IN_PROGRESS);
    throw Held{0, wait.request, false};
  }
  const Obstacle* inTheWay = nullptr;
  for (const Obstacle& obstacle : obstacles_) {
    if (!contains(scope.devices, obstacle.device)) continue;
    if (obstacle.trouble == Trouble::deviceError) fail(fromSystemError(kErrorIoDevice));
    const bool wasWaitedFor =
        std::find(request.waited_.begin(), request.waited_.end(), obstacle.number) != request.waited_.end();
    if (obstacle.trouble == Trouble::hang || (!inTheWay && !wasWaitedFor)) inTheWay = &obstacle;
  }
  if (!inTheWay) return;
  request.waited_.push_back(inTheWay->number);
  if (request.by_ == Request::By::call) waits_.push_back({&request, scope.subSystems});
  throw Held{inTheWay->number, nullptr, inTheWay->trouble == Trouble::latency};
}

void Gate::wait(std::unique_lock<std::mutex>& lock, Request& request, const Held& held,
                const std::function<bool()>& isAbandoned) {
  const auto isOver = [&] {
    if (isAbandoned()) return true;
    if (held.other)
      return std::none_of(waits_.begin(), waits_.end(), [&](const Wait& w) { return w.request == held.other; });
    return std::none_of(obstacles_.begin(), obstacles_.end(),
                        [&](const Obstacle& o) { return o.number == held.obstacle; });
  };
  if (held.isLatency)
    changed_.wait_for(lock, kLatency, isOver);
  else
    changed_.wait(lock, isOver);
  waits_.remove_if([&](const Wait& w) { return w.request == &request; });
  changed_.notify_all();
}

uint32_t Gate::obstruct(Trouble trouble, const GUID& device) {
  obstacles_.push_back({++numbers_, trouble, device});
  return numbers_;
}

void Gate::clear(uint32_t obstacle) {
  obstacles_.remove_if([obstacle](const Obstacle& o) { return o.number == obstacle; });
  changed_.notify_all();
}

std::string Gate::condition(const GUID& device) const {
  std::string words;
  for (const Obstacle& obstacle : obstacles_)
    if (obstacle.device == device) words += (words.empty() ? "" : ", ") + std::string(nameOf(obstacle.trouble));
  return words.empty() ? "answers" : words;
}

}  // namespace vdsc
