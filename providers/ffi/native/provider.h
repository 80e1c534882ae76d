// The provider object: what VDS loads, and what every other object belongs to.
#pragma once

#include <map>

#include "async.h"
#include "device.h"

namespace vdsc {

/** Devices, each with the subsystem that it is a member of. */
using Known = std::map<Key, GUID>;

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
  Known& known() noexcept { return known_; }
  Workers& workers() noexcept { return workers_; }

  /** The one object of a device; `parent` is the subsystem of a LUN or target. */
  Ref<IUnknown> object(const Key& key, const GUID& parent = kNullGuid);
  /** The id by which callers know a LUN. It is the LUN's own, but for a defect. */
  GUID publishedId(const GUID& lun) const noexcept;

 private:
  friend class Call;

  /** The cache of those connected subsystems that are in `only`, or of all, as the array has them. What is cached is entered into `learnt`. */
  static CacheImage cacheOf(const System& system, const Known* only, Known& learnt);
  static void cacheSubSystem(CacheImage& cache, const SubSystemRecord& subSystem, Known& learnt);
  /** Writes the list of the known subsystems, in the array's order. */
  static void cacheDirectory(CacheImage& cache, const System& system, const Known& known);

  const std::shared_ptr<State> state_;
  /** Changed under the mutex; read without it by what only has to know whether to go on. */
  std::atomic<bool> loaded_{false};
  std::shared_ptr<Cache> cache_;
  Ref<IVdsAdviseSink> sink_;
  /** Whether Reenumerate has come since the last successful Refresh. */
  bool reenumerated_ = false;
  /** The devices that the provider has learnt of and not yet seen go: which there are, never what they are, which only the cache says. */
  Known known_;
  Registry registry_;
  Workers workers_;
  /** For Defect::new_guids. */
  uint32_t idMask_ = 0;
};

}  // namespace vdsc
