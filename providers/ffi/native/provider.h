// The provider object: what VDS loads, and what every other object belongs to.
#pragma once

#include <set>

#include "async.h"
#include "device.h"

namespace vdsc {

class Provider final : public ComObject<RefCounted, IVdsProvider, IVdsProviderPrivate, IVdsHwProvider, IVdsHwProviderPrivate, IVdsConformanceControl> {
 public:
  Provider() : state_(State::open()) {}

  HRESULT STDMETHODCALLTYPE GetProperties(VDS_PROVIDER_PROP* out) override;
  HRESULT STDMETHODCALLTYPE GetObject(VDS_OBJECT_ID id, VDS_OBJECT_TYPE type, IUnknown** out) override;
  HRESULT STDMETHODCALLTYPE OnLoad(LPWSTR machineName, IUnknown* callback) override;
  HRESULT STDMETHODCALLTYPE OnUnload(BOOL force) override;
  HRESULT STDMETHODCALLTYPE QuerySubSystems(IEnumVdsObject** out) override;
  HRESULT STDMETHODCALLTYPE Reenumerate() override;
  HRESULT STDMETHODCALLTYPE Refresh() override;
  HRESULT STDMETHODCALLTYPE QueryIfCreatedLun(LPWSTR devicePath, VDS_LUN_INFORMATION* information, VDS_OBJECT_ID* out) override;

  HRESULT STDMETHODCALLTYPE QueryFaults(ULONG* out) override;
  HRESULT STDMETHODCALLTYPE Inject(VDSC_FAULT_KIND kind, VDS_OBJECT_ID id, BOOL notify, ULONG* faultId, LPWSTR* proof) override;
  HRESULT STDMETHODCALLTYPE Heal(ULONG faultId) override;
  HRESULT STDMETHODCALLTYPE ReadTruth(LPWSTR* out) override;

  bool isLoaded() const noexcept { return loaded_; }
  const Array& array() const noexcept { return state_->array; }
  Claims& claims() const noexcept { return state_->claims; }
  Registry& registry() noexcept { return registry_; }
  Workers& workers() noexcept { return workers_; }

  /** The one object of a device; `parent` is the subsystem of a LUN or target. */
  Ref<IUnknown> object(const Key& key, const GUID& parent = kNullGuid);
  /** The id by which callers know a LUN. It is the LUN's own, but for a defect. */
  GUID publishedId(const GUID& lun) const noexcept;

 private:
  friend class Call;

  /** The subsystems that the provider knew until now, by every trace of them: any single one may be damaged. */
  std::set<GUID, GuidLess> knownSubSystems(const CacheImage& cache) const;
  /** Whether anything but a list shows that the device is known. */
  bool isKnown(const CacheImage& cache, const Key& key) const;
  /** Writes the entries of a subsystem and its members from the array. */
  static void cacheSubSystem(CacheImage& cache, const SubSystemRecord& subSystem);
  /** Writes the list of those subsystems that are known and connected. */
  static void cacheDirectory(CacheImage& cache, const System& system, const std::set<GUID, GuidLess>& known);
  /** The whole cache of the known subsystems as the array has them. */
  static CacheImage cacheOf(const System& system, const std::set<GUID, GuidLess>& known);

  const std::shared_ptr<State> state_;
  /** Changed under the mutex; read without it by what only has to know whether to go on. */
  std::atomic<bool> loaded_{false};
  std::shared_ptr<Cache> cache_;
  Ref<IVdsAdviseSink> sink_;
  /** Whether Reenumerate has come since the last successful Refresh. */
  bool reenumerated_ = false;
  Registry registry_;
  Workers workers_;
  /** For Defect::new_guids. */
  uint32_t idMask_ = 0;
};

}  // namespace vdsc
