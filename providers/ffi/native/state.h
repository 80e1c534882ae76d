// The state directory and what the providers of one process that use the same directory share: the array, what accepted operations will take
// from it, the faults, and the mutex, because their read-change-write cycles on the array's file must not interleave.
#pragma once

#include <mutex>

#include "cache.h"

namespace vdsc {

/** What an accepted, unfinished operation will take from the array. It counts until the last reference to it goes. */
struct Claim {
  GUID subSystem = {};
  uint64_t bytes = 0;
  Text iscsiName;
};

class Claims {
 public:
  std::shared_ptr<const Claim> add(Claim claim);
  uint64_t bytesIn(const GUID& subSystem) const;
  bool holdName(const Text& iscsiName) const;

 private:
  std::vector<std::weak_ptr<const Claim>> claims_;
};

struct Fault {
  VDSC_FAULT_KIND kind;
  GUID object;
  bool healed = false;
};

class State {
 public:
  explicit State(std::filesystem::path directory) : array(directory / "array.bin"), directory_(std::move(directory)) {}

  /** The state in the directory that VDSC_NATIVE_STATE names; without it, in a private directory that goes when the process ends. */
  static std::shared_ptr<State> open();

  /** A cache for a provider that is being loaded: cache.bin, or cache-2.bin and so on while others are loaded. */
  std::shared_ptr<Cache> newCache();

  std::mutex mutex;
  const Array array;
  Claims claims;
  /** A fault's id is its place, counted from 1. */
  std::vector<Fault> faults;

 private:
  const std::filesystem::path directory_;
  std::vector<std::weak_ptr<Cache>> caches_;
};

}  // namespace vdsc
