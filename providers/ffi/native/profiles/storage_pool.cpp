#include "profiles/storage_pool.h"

#include "objects/provider.h"

namespace vdsc {
namespace {

/** The attributes that are no hints. */
constexpr ULONGLONG kNoHints =
    VDS_POOL_ATTRIB_RAIDTYPE | VDS_POOL_ATTRIB_BUSTYPE | VDS_POOL_ATTRIB_ALLOW_SPINDOWN |
    VDS_POOL_ATTRIB_THIN_PROVISION | VDS_POOL_ATTRIB_NO_SINGLE_POF | VDS_POOL_ATTRIB_DATA_RDNCY_MAX |
    VDS_POOL_ATTRIB_DATA_RDNCY_MIN | VDS_POOL_ATTRIB_DATA_RDNCY_DEF | VDS_POOL_ATTRIB_PKG_RDNCY_MAX |
    VDS_POOL_ATTRIB_PKG_RDNCY_MIN | VDS_POOL_ATTRIB_PKG_RDNCY_DEF | VDS_POOL_ATTRIB_STRIPE_SIZE |
    VDS_POOL_ATTRIB_STRIPE_SIZE_MAX | VDS_POOL_ATTRIB_STRIPE_SIZE_MIN | VDS_POOL_ATTRIB_STRIPE_SIZE_DEF |
    VDS_POOL_ATTRIB_NUM_CLMNS | VDS_POOL_ATTRIB_NUM_CLMNS_MAX | VDS_POOL_ATTRIB_NUM_CLMNS_MIN |
    VDS_POOL_ATTRIB_NUM_CLMNS_DEF | VDS_POOL_ATTRIB_CUSTOM_ATTRIB;

}  // namespace

VDS_POOL_ATTRIBUTES attributesOf(const StoragePoolEntry& pool) noexcept {
  VDS_POOL_ATTRIBUTES attributes = {};
  if (pool.type != VDS_SPT_CONCRETE) return attributes;
  attributes.ullAttributeMask = VDS_POOL_ATTRIB_BUSTYPE | VDS_POOL_ATTRIB_THIN_PROVISION;
  attributes.busType = VDSBusTypeSas;
  attributes.bIsThinProvisioned = pool.provisioned != 0;
  attributes.ullProvisionedSpace = pool.provisioned;
  return attributes;
}

bool hasAttributes(const StoragePoolEntry& pool, const VDS_POOL_ATTRIBUTES& wanted) noexcept {
  const VDS_POOL_ATTRIBUTES given = attributesOf(pool);
  const ULONGLONG asked = wanted.ullAttributeMask & kNoHints;
  if ((asked & ~given.ullAttributeMask) != 0) return false;
  if ((asked & VDS_POOL_ATTRIB_BUSTYPE) != 0 && wanted.busType != given.busType) return false;
  return (asked & VDS_POOL_ATTRIB_THIN_PROVISION) == 0 ||
         (wanted.bIsThinProvisioned != 0) == (given.bIsThinProvisioned != 0);
}

HRESULT StoragePool::GetProvider(IVdsProvider** out) {
  return method(out, [&](Call&) {
    *out = Ref<IVdsProvider>::share(&provider()).detach();
    return S_OK;
  });
}

/** Its drives are behind it with all of their bytes, and none of these is needed for redundancy. */
HRESULT StoragePool::GetProperties(VDS_STORAGE_POOL_PROP* out) {
  return method(out, [&](Call& call) {
    const StoragePoolEntry pool = entry(call);
    OutText name = outText(pool.name);
    OutText description = outText(wide("Storage pool ") + pool.name);
    out->id = key.id;
    out->status = VDS_SPS_ONLINE;
    out->health = VDS_H_HEALTHY;
    out->type = static_cast<VDS_STORAGE_POOL_TYPE>(pool.type);
    out->pwszName = name.release();
    out->pwszDescription = description.release();
    out->ullTotalConsumedSpace = pool.managed;
    out->ullTotalManagedSpace = pool.managed;
    out->ullRemainingFreeSpace = pool.remaining;
    return S_OK;
  });
}

HRESULT StoragePool::GetAttributes(VDS_POOL_ATTRIBUTES* out) {
  return method(out, [&](Call& call) {
    *out = attributesOf(entry(call));
    return S_OK;
  });
}

HRESULT StoragePool::QueryDriveExtents(VDS_STORAGE_POOL_DRIVE_EXTENT** extents, LONG* count) {
  if (extents) *extents = nullptr;
  if (count) *count = 0;
  return run(extents && count, [&](Call& call) {
    std::vector<VDS_STORAGE_POOL_DRIVE_EXTENT> all;
    for (const PoolStretch& stretch : entry(call).stretches)
      all.push_back({stretch.drive, stretch.size, stretch.isUsed});
    *extents = outArray(all).release();
    *count = static_cast<LONG>(all.size());
    return S_OK;
  });
}

}  // namespace vdsc
