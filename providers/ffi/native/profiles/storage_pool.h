// A storage pool: what it is made of, and what lies in it.
#pragma once

#include "array/device.h"

namespace vdsc {

/** The attributes of a pool. A primordial pool has none. */
VDS_POOL_ATTRIBUTES attributesOf(const StoragePoolEntry& pool) noexcept;
/** Whether a pool has the attributes that are asked for, each with that value; a hint narrows nothing here. */
bool hasAttributes(const StoragePoolEntry& pool, const VDS_POOL_ATTRIBUTES& wanted) noexcept;

class StoragePool final : public ComObject<DeviceOf<StoragePoolEntry>, IVdsStoragePool> {
 public:
  StoragePool(Provider& provider, const GUID& id) : ComObject(provider, id) {}
  IUnknown* unknown() noexcept override { return this; }

  HRESULT STDMETHODCALLTYPE GetProvider(IVdsProvider** out) override;
  HRESULT STDMETHODCALLTYPE GetProperties(VDS_STORAGE_POOL_PROP* out) override;
  HRESULT STDMETHODCALLTYPE GetAttributes(VDS_POOL_ATTRIBUTES* out) override;
  HRESULT STDMETHODCALLTYPE QueryDriveExtents(VDS_STORAGE_POOL_DRIVE_EXTENT** extents, LONG* count) override;
  HRESULT STDMETHODCALLTYPE QueryAllocatedLuns(IEnumVdsObject** out) override {
    return query(out, Kind::lun, &StoragePoolEntry::luns);
  }
  HRESULT STDMETHODCALLTYPE QueryAllocatedStoragePools(IEnumVdsObject** out) override {
    return query(out, Kind::storagePool, &StoragePoolEntry::pools);
  }
};

}  // namespace vdsc
