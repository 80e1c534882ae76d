// The common part of the COM objects of devices, and the table by which a provider finds the one object of a device.
#pragma once

#include <functional>
#include <mutex>

#include "com/call.h"

namespace vdsc {

class Device : public RefCounted {
 public:
  const Key key;

  void markDeleted() noexcept { deleted_ = true; }
  bool isDeleted() const noexcept { return deleted_; }
  bool offers(REFIID iid) const noexcept final;
  /** The identity of the object, without a reference. */
  virtual IUnknown* unknown() noexcept = 0;

 protected:
  Device(Provider& provider, const Key& key);
  ~Device() override;

  /** Throws VDS_E_PROVIDER_CACHE_CORRUPT unless the entries that every method of this object depends on are sound. */
  virtual void verify(const CacheImage& cache) const = 0;
  /** The status by the cache; ONLINE for a kind that has none. */
  virtual int32_t statusIn(const CacheImage& cache) const = 0;

  /** Runs a method: on a live object whose entries are sound, one call at a time, and with the sink told afterwards. */
  template <class Body>
  HRESULT method(Body&& body) noexcept {
    return run(true, std::forward<Body>(body));
  }
  /** A method whose only result is `*out`, which is zeroed first so that a failure hands out nothing. */
  template <class T, class Body>
  HRESULT method(T* out, Body&& body) noexcept {
    if (out) *out = T();
    return run(out != nullptr, std::forward<Body>(body));
  }
  /** For a method with two results. A deleted object says so whatever the arguments are. */
  template <class Body>
  HRESULT run(bool hasAllOuts, Body&& body) noexcept {
    return carryOut(*provider_, Call::Needs::load, [&](Call& call) {
      crashIfAsked();
      if (deleted_) fail(VDS_E_OBJECT_DELETED);
      if (!hasAllOuts) fail(E_INVALIDARG);
      verify(call.cache);
      return body(call);
    });
  }
  /** A valid request that this provider does not offer. A deleted object says so first. */
  HRESULT notSupported() noexcept {
    return method([](Call&) { return VDS_E_NOT_SUPPORTED; });
  }
  template <class T>
  HRESULT notSupported(T* out) noexcept {
    return method(out, [](Call&) { return VDS_E_NOT_SUPPORTED; });
  }

  /** The array, and this device in it. */
  struct Reached {
    System system;
    Found found;
  };
  enum class WhenFailed { refuse, go };
  /** The one way from an object to the array. Throws Failure when the device is gone, has failed and may then not be
   * used so, or the array answers with an error; Gate::Held when it does not answer yet. */
  Reached reach(Call& call, Method method, WhenFailed whenFailed = WhenFailed::refuse) const;
  /** The same for an operation that commits. */
  Reached reachAgain(Call& call, Method method) const;

  /** A change without an operation: `change` alters what was reached. */
  template <class Change>
  HRESULT changeArray(Call& call, Method method, WhenFailed whenFailed, Change&& change) {
    Reached reached = reach(call, method, whenFailed);
    change(reached);
    call.commit(reached.system, {key.id});
    return S_OK;
  }

  /** Starts an operation, which keeps this object alive until it ends. */
  void operate(IVdsAsync** out, VDS_ASYNC_OUTPUT_TYPE type, std::function<Ref<IUnknown>(Call&)> commit);

  /** Devices that an entry lists, whose own entries are verified. */
  Ref<IEnumVdsObject> enumerate(Call& call, Kind kind, const Ids& ids) const;
  /** The object of an id that was found in the cache. */
  Ref<IUnknown> objectOf(const GUID& id) const;
  Provider& provider() const noexcept { return *provider_; }
  const Profile& profile() const noexcept;

 private:
  void crashIfAsked() const noexcept;

  const Ref<Provider> provider_;
  std::atomic<bool> deleted_{false};
};

/** The status that an entry tells, if its kind has one. */
inline int32_t statusOf(const SubSystemEntry& entry) {
  return entry.facts.standing.status;
}
inline int32_t statusOf(const LunEntry& entry) {
  return entry.standing.status;
}
inline int32_t statusOf(const PlexEntry& entry) {
  return entry.standing.status;
}
inline int32_t statusOf(const DriveEntry& entry) {
  return entry.record.standing.status;
}
inline int32_t statusOf(const ControllerEntry& entry) {
  return entry.record.standing.status;
}
inline int32_t statusOf(const PortEntry& entry) {
  return entry.record.status;
}
inline int32_t statusOf(const PortalEntry& entry) {
  return entry.record.status;
}
inline int32_t statusOf(const TargetEntry&) {
  return VDS_LS_ONLINE;
}
inline int32_t statusOf(const PortalGroupEntry&) {
  return VDS_LS_ONLINE;
}
inline int32_t statusOf(const StoragePoolEntry&) {
  return VDS_LS_ONLINE;
}

/** A device whose cache entry is an Entry. */
template <class Entry>
class DeviceOf : public Device {
 protected:
  DeviceOf(Provider& provider, const GUID& id) : Device(provider, {Entry::kind, id}) {}
  void verify(const CacheImage& cache) const final { cache.verified<Entry>(key.id); }
  int32_t statusIn(const CacheImage& cache) const final { return statusOf(cache.need<Entry>(key.id)); }
  Entry entry(const Call& call) const { return call.cache.need<Entry>(key.id); }

  /** A query that lists devices. */
  HRESULT query(IEnumVdsObject** out, Kind listed, Ids Entry::*list) noexcept {
    return method(out, [&](Call& call) {
      *out = enumerate(call, listed, entry(call).*list).detach();
      return S_OK;
    });
  }
  /** The object of what holds this device. */
  template <class T>
  HRESULT handOutHolder(T** out) noexcept {
    return method(out, [&](Call& call) {
      handOut(objectOf(entry(call).parent), out);
      return S_OK;
    });
  }
};

/**
 * The live objects by device, without references: an object leaves when its last reference does, so nothing here keeps
 * one alive and no cycle with the provider can leak. Its mutex is held for look-ups only, never while anything else is
 * called.
 */
class Registry {
 public:
  /** The device's object, made by `make` unless there is one. An object that is deleted stays deleted: a device that
   * returns gets a new one. */
  Ref<IUnknown> obtain(const Key& key, const std::function<Device*()>& make);
  /** The devices that have a live object that is not deleted. */
  std::vector<Key> alive() const;
  void markDeleted(const GUID& id) noexcept;
  void remove(const Device& device) noexcept;

 private:
  mutable std::mutex mutex_;
  std::map<Key, Device*> devices_;
};

}  // namespace vdsc
