// What the COM objects of devices (subsystem, LUN, target) have in common, and the table by which a provider finds the one object of a device.
#pragma once

#include <functional>
#include <mutex>

#include "call.h"

namespace vdsc {

class Device : public RefCounted {
 public:
  const Key key;
  /** The subsystem of a LUN or target. A device never moves. */
  const GUID parent;

  void markDeleted() noexcept { deleted_ = true; }
  bool isDeleted() const noexcept { return deleted_; }
  /** The identity of the object, without a reference. */
  virtual IUnknown* unknown() noexcept = 0;

 protected:
  Device(Provider& provider, const Key& key, const GUID& parent);
  ~Device() override;

  /** Throws VDS_E_PROVIDER_CACHE_CORRUPT unless the entries that every method of this object depends on are sound. */
  virtual void verify(const CacheImage& cache) const = 0;

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
  /** A valid request that this provider does not offer. A deleted object says so first. */
  HRESULT notSupported() noexcept {
    return method([](Call&) { return VDS_E_NOT_SUPPORTED; });
  }
  template <class T>
  HRESULT notSupported(T* out) noexcept {
    return method(out, [](Call&) { return VDS_E_NOT_SUPPORTED; });
  }
  HRESULT emptyEnumeration(IEnumVdsObject** out) noexcept;
  /** SetStatus of an object whose status the provider cannot change: UNKNOWN is no status that could be set. */
  HRESULT statusNotSettable(int32_t status, int32_t unknown, std::initializer_list<int32_t> valid) noexcept;
  /** The object of this LUN's or target's subsystem. */
  HRESULT handOutSubSystem(IVdsSubSystem** out) noexcept;

  /** For a method with two results. A deleted object says so whatever the arguments are. */
  template <class Body>
  HRESULT run(bool hasAllOuts, Body&& body) noexcept {
    return answer([&] {
      Call call(*provider_);
      if (deleted_) fail(VDS_E_OBJECT_DELETED);
      if (!hasAllOuts) fail(E_INVALIDARG);
      verify(call.cache);
      return body(call);
    });
  }
  Provider& provider() const noexcept { return *provider_; }

 private:
  const Ref<Provider> provider_;
  std::atomic<bool> deleted_{false};
};

/** A device whose cache entry is an Entry. */
template <class Entry>
class DeviceOf : public Device {
 protected:
  DeviceOf(Provider& provider, const GUID& id, const GUID& parent) : Device(provider, {Entry::kind, id}, parent) {}
  void verify(const CacheImage& cache) const final { cache.verified<Entry>(key.id); }
  Entry entry(const Call& call) const { return call.cache.need<Entry>(key.id); }
};

/**
 * The live objects by device, without references: an object leaves when its last reference does, so nothing here keeps one alive and no
 * cycle with the provider can leak. Its mutex is held for look-ups only, never while anything else is called.
 */
class Registry {
 public:
  /** The device's object, made by `make` unless there is one. An object that is deleted stays deleted: a device that returns gets a new one. */
  Ref<IUnknown> obtain(const Key& key, const std::function<Device*()>& make);
  /** The devices that have a live object that is not deleted. */
  std::vector<Key> alive() const;
  /** Marks the device's object; for a subsystem also those of its members. */
  void markDeleted(const Key& key);
  void remove(const Device& device) noexcept;

 private:
  mutable std::mutex mutex_;
  std::map<Key, Device*> devices_;
};

}  // namespace vdsc
