// The array's events: what an administrator changes there is told to every loaded provider, subsystem by subsystem and
// in order, unless a fault of this channel loses, repeats or reorders it. What a provider itself asked for it learns
// from the answer instead.
#pragma once

#include <list>

#include "cache/entries.h"

namespace vdsc {

/** Changes that happened together, and are reported together. */
struct ArrayEvent {
  GUID subSystem = {};
  Ids devices;
};
using ArrayEvents = std::vector<ArrayEvent>;

enum class Disturbance { lose, duplicate, reorder };

class EventChannel {
 public:
  /** The events to deliver now. */
  ArrayEvents send(const ArrayEvent& event);
  /** Disturbs what comes next about a subsystem. Gives the number by which to end it. */
  uint32_t disturb(Disturbance disturbance, const GUID& subSystem);
  /** Takes back what has not struck yet. Answers what was kept back and is to be delivered now. */
  ArrayEvents end(uint32_t disturber);
  /** The disturbances of the next events about a subsystem, in words. */
  std::string condition(const GUID& subSystem) const;

 private:
  struct Disturber {
    uint32_t number;
    Disturbance disturbance;
    GUID subSystem;
    /** The event that is kept back for the one after it. */
    ArrayEvents kept;
  };
  uint32_t numbers_ = 0;
  std::list<Disturber> disturbers_;
};

}  // namespace vdsc
