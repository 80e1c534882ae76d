// The state directory and what the providers of one process that use the same directory share: the array, what accepted
// operations will take from it, the way to it and its events, the faults, and the mutex, because their
// read-change-write cycles on the array's file must not interleave.
#pragma once

#include <mutex>

#include "cache/cache.h"
#include "array/events.h"
#include "array/gate.h"

namespace vdsc {

class Provider;

/** The space that an accepted, unfinished operation will take from the array. It counts until the last reference goes.
 */
struct Claim {
  GUID subSystem = {};
  Extents extents;
  Text iscsiName;
  /** The target that is to get a portal group. */
  GUID groupOf = {};
};

class Claims {
 public:
  std::shared_ptr<const Claim> add(Claim claim);
  Extents extentsIn(const GUID& subSystem) const;
  bool holdName(const Text& iscsiName) const;
  size_t groupsOf(const GUID& target) const;

 private:
  template <class Visit>
  void each(Visit&& visit) const;
  std::vector<std::weak_ptr<const Claim>> claims_;
};

/** Takes a fault's cause away. Answers the events that are then to be delivered. */
using Heal = std::function<ArrayEvents()>;

class State {
 public:
  /** `asked` is the profile of a new array. Throws E_INVALIDARG where there is one of another. */
  State(std::filesystem::path directory, std::optional<ProfileNumber> asked)
      : array(directory / "array.bin", asked),
        profile(profileOf(array.read().profile)),
        directory_(std::move(directory)) {}

  /** The state in the directory that VDSC_NATIVE_STATE names; without it, in a private directory that goes when the
   * process ends. VDSC_NATIVE_PROFILE names the profile of an array that is made there. */
  static std::shared_ptr<State> open();

  /** A cache for a provider that is being loaded: cache.bin, or cache-2.bin and so on while others are loaded. */
  std::shared_ptr<Cache> newCache();

  std::mutex mutex;
  const Array array;
  const Profile& profile;
  Claims claims;
  Gate gate;
  EventChannel events;
  /** The devices with whose next call the process ends. */
  std::set<GUID, ById> crashes;
  /** A fault's id is its place, counted from 1. Empty once it was healed. */
  std::vector<Heal> faults;
  /** The providers that are loaded. */
  std::vector<Provider*> loaded;

 private:
  const std::filesystem::path directory_;
  std::vector<std::weak_ptr<Cache>> caches_;
};

}  // namespace vdsc
