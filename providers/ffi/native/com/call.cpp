#include "com/call.h"

#include <algorithm>

#include "objects/provider.h"

namespace vdsc {
namespace {

/** IVdsAdviseSink::OnNotify takes 1 to 100 notifications. */
constexpr size_t kMaxNotifications = 100;

}  // namespace

Call::Call(Provider& provider, Gate::Request& request, Needs needs)
    : provider_(provider), request_(request), lock_(provider.state_->mutex) {
  if (provider.isLoaded())
    cache = provider.cache_->read();
  else if (needs == Needs::load)
    fail(VDS_E_INITIALIZE_NOT_CALLED);
}

Call::~Call() {
  const Ref<IVdsAdviseSink> sink = notifications_.empty() ? Ref<IVdsAdviseSink>() : provider_.sink_;
  lock_.unlock();
  if (!sink) return;
  for (size_t sent = 0; sent < notifications_.size(); sent += kMaxNotifications) {
    const size_t count = std::min(kMaxNotifications, notifications_.size() - sent);
    // The answer of the sink is ignored: S_FALSE, for one, says that VDS has lost notifications.
    sink->OnNotify(static_cast<LONG>(count), notifications_.data() + sent);
  }
}

void Call::ask(Method method, const Scope& scope) {
  provider_.state_->gate.pass(request_, method, scope);
}

Scope Call::scopeOf(const GUID& device) const {
  Scope scope;
  const Known& known = provider_.known();
  GUID at = device;
  for (auto found = known.find(at); found != known.end(); found = known.find(at)) {
    scope.devices.push_back(at);
    at = found->second.parent;
  }
  if (!scope.devices.empty()) scope.subSystems = {scope.devices.back()};
  return scope;
}

Scope Call::scopeOfSubSystems(System& system) const {
  Scope scope;
  for (const auto& [id, device] : provider_.known())
    if (device.kind == Kind::subSystem) scope.subSystems.push_back(id);
  for (const SubSystemRecord& subSystem : system.subSystems)
    if (subSystem.connected && !contains(scope.subSystems, subSystem.facts.id))
      scope.subSystems.push_back(subSystem.facts.id);
  scope.devices = scope.subSystems;
  return scope;
}

Scope Call::scopeOfAll(System& system) const {
  Scope scope = scopeOfSubSystems(system);
  for (const auto& [id, device] : provider_.known()) scope.devices.push_back(id);
  for (SubSystemRecord& subSystem : system.subSystems)
    if (subSystem.connected)
      for (const Found& found : devicesOf(subSystem)) scope.devices.push_back(found.id);
  return scope;
}

Learning Call::learning(System& system) const {
  return Learning(system, cache, provider_.known());
}

void Call::commit(System& system, const Ids& changed) {
  Learning learnt = learning(system);
  learnt.update(changed);
  adopt(std::move(learnt), &system);
}

void Call::learn(System& system, const Ids& changed) {
  Learning learnt = learning(system);
  learnt.update(changed);
  adopt(std::move(learnt), nullptr);
}

void Call::depart(System& system, const GUID& device) {
  Learning learnt = learning(system);
  learnt.depart(device);
  adopt(std::move(learnt), nullptr);
}

void Call::gone(System& system, const GUID& device) {
  // The outermost container that is gone, since everything in it is gone with it.
  GUID missing = device;
  for (const GUID& container : scopeOf(device).devices)
    if (!system.find(container)) missing = container;
  if (provider_.known().count(missing)) depart(system, missing);
  fail(VDS_E_OBJECT_DELETED);
}

void Call::adopt(Learning&& learnt, const System* changed) {
  std::vector<VDS_NOTIFICATION> told = notifications_;
  for (const News::Item& item : learnt.news.items()) {
    const VDS_NOTIFICATION notification =
        notificationOf(item.kind, item.change, item.kind == Kind::lun ? provider_.publishedId(item.id) : item.id);
    if (provider_.profile().has(Feature::later) || !isLaterEvent(notification)) told.push_back(notification);
  }
  std::optional<Replacement> array;
  if (changed) array.emplace(provider_.array().prepare(*changed));
  const Replacement cached = provider_.cache_->prepare(learnt.cache);
  if (array) array->commit();
  cached.commit();
  // From here on nothing needs memory.
  provider_.known_.swap(learnt.known);
  std::swap(cache, learnt.cache);
  notifications_.swap(told);
  for (const GUID& id : learnt.gone)
    if (!provider_.known_.count(id)) provider_.registry_.markDeleted(id);
}

void waitFor(Provider& provider, Gate::Request& request, const Gate::Held& held, Call::Needs needs,
             const std::function<bool()>& isAbandoned) {
  std::unique_lock lock(provider.state_->mutex);
  provider.state_->gate.wait(lock, request, held,
                             [&] { return (needs == Call::Needs::load && !provider.isLoaded()) || isAbandoned(); });
}

}  // namespace vdsc
