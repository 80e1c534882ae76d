#include "array/events.h"

#include <algorithm>

namespace vdsc {

ArrayEvents EventChannel::send(const ArrayEvent& event) {
  const auto disturber = std::find_if(disturbers_.begin(), disturbers_.end(),
                                      [&event](const Disturber& d) { return d.subSystem == event.subSystem; });
  if (disturber == disturbers_.end()) return {event};
  if (disturber->disturbance == Disturbance::reorder && disturber->kept.empty()) {
    disturber->kept.push_back(event);
    return {};
  }
  const Disturber struck = *disturber;
  disturbers_.erase(disturber);
  switch (struck.disturbance) {
    case Disturbance::lose:
      return {};
    case Disturbance::duplicate:
      return {event, event};
    default:
      return {event, struck.kept.front()};
  }
}

uint32_t EventChannel::disturb(Disturbance disturbance, const GUID& subSystem) {
  disturbers_.push_back({++numbers_, disturbance, subSystem, {}});
  return numbers_;
}

ArrayEvents EventChannel::end(uint32_t number) {
  const auto disturber =
      std::find_if(disturbers_.begin(), disturbers_.end(), [number](const Disturber& d) { return d.number == number; });
  if (disturber == disturbers_.end()) return {};
  ArrayEvents kept = std::move(disturber->kept);
  disturbers_.erase(disturber);
  return kept;
}

std::string EventChannel::condition(const GUID& subSystem) const {
  std::string words;
  for (const Disturber& disturber : disturbers_) {
    if (disturber.subSystem != subSystem) continue;
    const char* word = disturber.disturbance == Disturbance::lose        ? "next lost"
                       : disturber.disturbance == Disturbance::duplicate ? "next twice"
                                                                         : "next two reversed";
    words += (words.empty() ? "" : ", ") + std::string(word);
  }
  return words.empty() ? "in order" : words;
}

}  // namespace vdsc
