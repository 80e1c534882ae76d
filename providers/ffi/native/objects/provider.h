// The provider object: what VDS loads, and what every other object belongs to.
#pragma once

#include <map>

#include "objects/async.h"
#include "array/device.h"

namespace vdsc {

class SubSystem;

class Provider final
    : public ComObject<RefCounted, IVdsProvider, IVdsProviderPrivate, IVdsProviderSupport, IVdsHwProvider,
                       IVdsHwProviderType, IVdsHwProviderPrivate, IVdsHwProviderPrivateMpio, IVdsHwProviderType2,
                       IVdsHwProviderStoragePools, IVdsConformanceControl> {
 public:
  Provider() : state_(State::open()) {}
  ~Provider() override;

  HRESULT STDMETHODCALLTYPE GetProperties(VDS_PROVIDER_PROP* out) override;
  HRESULT STDMETHODCALLTYPE GetObject(VDS_OBJECT_ID id, VDS_OBJECT_TYPE type, IUnknown** out) override;
  HRESULT STDMETHODCALLTYPE OnLoad(LPWSTR machineName, IUnknown* callback) override;
  HRESULT STDMETHODCALLTYPE OnUnload(BOOL force) override;
  HRESULT STDMETHODCALLTYPE GetVersionSupport(ULONG* out) override;
  HRESULT STDMETHODCALLTYPE GetProviderType(VDS_HWPROVIDER_TYPE* out) override;
  HRESULT STDMETHODCALLTYPE QuerySubSystems(IEnumVdsObject** out) override;
  HRESULT STDMETHODCALLTYPE Reenumerate() override;
  HRESULT STDMETHODCALLTYPE Refresh() override;
  HRESULT STDMETHODCALLTYPE QueryIfCreatedLun(LPWSTR devicePath, VDS_LUN_INFORMATION* information,
                                              VDS_OBJECT_ID* out) override;

  HRESULT STDMETHODCALLTYPE SetAllPathStatusesFromHbaPort(VDS_HBAPORT_PROP hbaPort, VDS_PATH_STATUS status) override;

  HRESULT STDMETHODCALLTYPE GetProviderType2(VDS_HWPROVIDER_TYPE* out) override;
  HRESULT STDMETHODCALLTYPE QueryStoragePools(ULONG flags, ULONGLONG least, VDS_POOL_ATTRIBUTES* wanted,
                                              IEnumVdsObject** out) override;
  HRESULT STDMETHODCALLTYPE CreateLunInStoragePool(VDS_LUN_TYPE type, ULONGLONG size, VDS_OBJECT_ID pool,
                                                   LPWSTR unmaskingList, VDS_HINTS2* hints, IVdsAsync** out) override;
  HRESULT STDMETHODCALLTYPE QueryMaxLunCreateSizeInStoragePool(VDS_LUN_TYPE type, VDS_OBJECT_ID pool, VDS_HINTS2* hints,
                                                               ULONGLONG* out) override;

  HRESULT STDMETHODCALLTYPE QueryFaults(ULONG* out) override;
  HRESULT STDMETHODCALLTYPE Inject(VDSC_FAULT_KIND kind, VDS_OBJECT_ID id, BOOL notify, ULONG* faultId,
                                   LPWSTR* proof) override;
  HRESULT STDMETHODCALLTYPE Heal(ULONG faultId) override;
  HRESULT STDMETHODCALLTYPE ReadTruth(LPWSTR* out) override;

  bool offers(REFIID iid) const noexcept override { return profile().offers(iid); }

  const Profile& profile() const noexcept { return state_->profile; }
  bool isLoaded() const noexcept { return loaded_; }
  const Array& array() const noexcept { return state_->array; }
  Claims& claims() const noexcept { return state_->claims; }
  Registry& registry() noexcept { return registry_; }
  Known& known() noexcept { return known_; }
  Workers& workers() noexcept { return workers_; }

  /** The one object of a device. */
  Ref<IUnknown> object(const Key& key);
  /** Whether the process is to end with the next call on the device. */
  bool endsWith(const GUID& device) const noexcept { return state_->crashes.count(device) != 0; }
  /** Those who wait for the array look again whether they still have to. */
  void wakeWaiting() const;
  /** Tells the loaded providers what an administrator changed. Outside of any call. */
  void deliver(const ArrayEvents& events) const noexcept;
  /** The id by which callers know a LUN. It is the LUN's own, but for a defect. */
  GUID publishedId(const GUID& lun) const noexcept;

 private:
  friend class Call;
  friend class Injection;
  friend void waitFor(Provider&, Gate::Request&, const Gate::Held&, Call::Needs, const std::function<bool()>&);

  /** Where LUNs of a storage pool are made. */
  struct PlaceInPool {
    Ids drives;
    Ref<IUnknown> holder;

    SubSystem& subSystem() const noexcept;
  };
  /** Throws Failure for an id that no pool has. */
  PlaceInPool poolNamed(Call& call, const GUID& id);

  /** No longer one of those that the array's events are delivered to. The caller holds the mutex. */
  void stopListening() noexcept;

  const std::shared_ptr<State> state_;
  /** Changed under the mutex; read without it by what only has to know whether to go on. */
  std::atomic<bool> loaded_{false};
  std::shared_ptr<Cache> cache_;
  Ref<IVdsAdviseSink> sink_;
  /** Whether Reenumerate has come since the last successful Refresh. */
  bool reenumerated_ = false;
  Known known_;
  Registry registry_;
  Workers workers_;
  /** For Defect::new_guids. */
  uint32_t idMask_ = 0;
};

}  // namespace vdsc
