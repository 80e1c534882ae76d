// IVdsHwProviderStoragePools: finding storage pools, and making LUNs in them.
#include "array/pools.h"

#include "com/arguments.h"
#include "objects/enumerator.h"
#include "objects/provider.h"
#include "objects/subsystem.h"
#include "profiles/storage_pool.h"

namespace vdsc {

HRESULT Provider::GetProviderType2(VDS_HWPROVIDER_TYPE* out) {
  return GetProviderType(out);
}

HRESULT Provider::QueryStoragePools(ULONG flags, ULONGLONG least, VDS_POOL_ATTRIBUTES* wanted, IEnumVdsObject** out) {
  if (out) *out = nullptr;
  return carryOut(*this, Call::Needs::load, [&](Call& call) {
    if (!out || (flags & ~ULONG{VDS_SPT_PRIMORDIAL | VDS_SPT_CONCRETE}) != 0) fail(E_INVALIDARG);
    Enumerator::Objects objects;
    for (const GUID& subSystem : call.cache.need<DirectoryEntry>(kNullGuid).subSystems)
      for (const GUID& id : call.cache.need<SubSystemEntry>(subSystem).storagePools) {
        const StoragePoolEntry pool = call.cache.verified<StoragePoolEntry>(id);
        if ((flags != 0 && (flags & pool.type) == 0) || pool.remaining < least) continue;
        if (!wanted || hasAttributes(pool, *wanted)) objects.push_back(object({Kind::storagePool, id}));
      }
    *out = Enumerator::make(*this, std::move(objects)).detach();
    return S_OK;
  });
}

Provider::PlaceInPool Provider::poolNamed(Call& call, const GUID& id) {
  if (id == kNullGuid) fail(E_INVALIDARG);
  const auto device = known_.find(id);
  if (device == known_.end() || device->second.kind != Kind::storagePool) fail(VDS_E_OBJECT_NOT_FOUND);
  call.cache.verified<StoragePoolEntry>(id);
  System system = array().read();
  const std::optional<Found> found = system.find(id);
  if (!found) fail(VDS_E_OBJECT_NOT_FOUND);
  return {freeDrives(*found->subSystem, *found->pool), object({Kind::subSystem, device->second.parent})};
}

SubSystem& Provider::PlaceInPool::subSystem() const noexcept {
  return static_cast<SubSystem&>(static_cast<IVdsSubSystem&>(*holder));
}

HRESULT Provider::CreateLunInStoragePool(VDS_LUN_TYPE type, ULONGLONG size, VDS_OBJECT_ID pool, LPWSTR unmaskingList,
                                         VDS_HINTS2* hints, IVdsAsync** out) {
  if (out) *out = nullptr;
  return carryOut(*this, Call::Needs::load, [&](Call& call) {
    if (!out) fail(E_INVALIDARG);
    const PlaceInPool place = poolNamed(call, pool);
    LunRequest request{type, size, nullptr, 0, unmaskingList, std::nullopt};
    if (hints) request.hints = firstHints(*hints);
    place.subSystem().createIn(call, Method::IVdsHwProviderStoragePools_CreateLunInStoragePool, place.drives, request,
                               out);
    return S_OK;
  });
}

HRESULT Provider::QueryMaxLunCreateSizeInStoragePool(VDS_LUN_TYPE type, VDS_OBJECT_ID pool, VDS_HINTS2*,
                                                     ULONGLONG* out) {
  if (out) *out = 0;
  return carryOut(*this, Call::Needs::load, [&](Call& call) {
    if (!out) fail(E_INVALIDARG);
    const PlaceInPool place = poolNamed(call, pool);
    *out = place.subSystem().largestIn(call, Method::IVdsHwProviderStoragePools_QueryMaxLunCreateSizeInStoragePool,
                                       place.drives, type);
    return S_OK;
  });
}

}  // namespace vdsc
