// One call on a provider or one of its objects: the mutex is held, the cache has been read, and events wait for the end.
#pragma once

#include "state.h"

namespace vdsc {

class Provider;

class Call {
 public:
  enum class Needs { load, nothing };

  /** Enters the provider. Throws VDS_E_INITIALIZE_NOT_CALLED when it is not loaded, unless the call needs no load. */
  explicit Call(Provider& provider, Needs needs = Needs::load);
  /** Leaves it, then tells the sink: a sink may call back, on this thread or by way of another. */
  ~Call();
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

  Provider& provider() const noexcept { return provider_; }

  /** The cache as it was when the call began, with the changes of this call; empty when there is no load. */
  CacheImage cache;
  /** Writes those changes to the file. */
  void save();
  /** A change by a caller: the array as given, then the cache, then an event unless it is 0. Whatever can fail for want of memory comes before
   *  the first of them, so that a call that fails so has changed nothing. */
  void commit(const System& system, ULONG event, const Key& key);

  /** Tells the sink, when the call ends, that something happened to a device. */
  void notify(ULONG event, const Key& key);
  /** Takes a device out of the cache, with its members, and out of the lists that name it. */
  void drop(const Key& key);
  /** The provider has learnt that a device is gone: its entries go, its objects are deleted, and the sink will be told if it knew of it. */
  void forget(const Key& key);
  /** A change reached the array and found the device gone. Throws VDS_E_OBJECT_DELETED. */
  [[noreturn]] void gone(const Key& key);
  /** The subsystem in the array, for a call that is going to change it; see gone(). */
  SubSystemRecord& reach(System& system, const GUID& subSystem);

 private:
  Provider& provider_;
  std::unique_lock<std::mutex> lock_;
  std::vector<VDS_NOTIFICATION> notifications_;
};

}  // namespace vdsc
