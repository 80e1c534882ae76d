#include "provider.h"

#include <algorithm>

#include "defects.h"
#include "enumerator.h"
#include "lun.h"
#include "subsystem.h"
#include "target.h"

namespace vdsc {
namespace {

constexpr GUID kProviderId = {0xD61AE054, 0x4F72, 0x4B20, {0x9F, 0xE8, 0x15, 0x3A, 0x68, 0x23, 0x0A, 0x86}};
constexpr GUID kVersionId = {0x808CCC88, 0x3660, 0x47F1, {0x81, 0x60, 0x0B, 0x83, 0x24, 0xEB, 0xC5, 0x15}};

bool isObjectType(VDS_OBJECT_TYPE type) noexcept {
  constexpr VDS_OBJECT_TYPE types[] = {
      VDS_OT_UNKNOWN, VDS_OT_PROVIDER, VDS_OT_PACK, VDS_OT_VOLUME, VDS_OT_VOLUME_PLEX, VDS_OT_DISK, VDS_OT_SUB_SYSTEM, VDS_OT_CONTROLLER,
      VDS_OT_DRIVE, VDS_OT_LUN, VDS_OT_LUN_PLEX, VDS_OT_PORT, VDS_OT_PORTAL, VDS_OT_TARGET, VDS_OT_PORTAL_GROUP, VDS_OT_STORAGE_POOL,
      VDS_OT_HBAPORT, VDS_OT_INIT_ADAPTER, VDS_OT_INIT_PORTAL, VDS_OT_ASYNC, VDS_OT_ENUM, VDS_OT_VDISK, VDS_OT_OPEN_VDISK};
  return std::find(std::begin(types), std::end(types), type) != std::end(types);
}

Kind kindOf(VDS_OBJECT_TYPE type) {
  if (!isObjectType(type)) fail(E_INVALIDARG);
  if (type == VDS_OT_SUB_SYSTEM) return Kind::subSystem;
  if (type == VDS_OT_LUN) return Kind::lun;
  if (type == VDS_OT_TARGET) return Kind::target;
  fail(VDS_E_OBJECT_NOT_FOUND);
}

}  // namespace

HRESULT Provider::GetProperties(VDS_PROVIDER_PROP* out) {
  if (!out) return E_INVALIDARG;
  *out = {};
  return answer([&] {
    OutText name = outText(wide("vds-conformance native reference provider"));
    OutText version = outText(wide("1.0"));
    out->id = kProviderId;
    out->pwszName = name.release();
    out->guidVersionId = kVersionId;
    out->pwszVersion = version.release();
    out->type = VDS_PT_HARDWARE;
    return S_OK;
  });
}

HRESULT Provider::OnLoad(LPWSTR, IUnknown* callback) {
  return answer([&] {
    void* found = nullptr;
    if (callback && FAILED(callback->QueryInterface(IID_IVdsAdviseSink, &found))) fail(VDS_E_INITIALIZED_FAILED);
    // Before the lock, so that a load that fails releases the sink after it: Release may be a call into foreign code.
    auto sink = Ref<IVdsAdviseSink>::adopt(static_cast<IVdsAdviseSink*>(found));
    const std::lock_guard lock(state_->mutex);
    if (loaded_) fail(VDS_E_INITIALIZED_FAILED);
    Known known;
    const CacheImage image = cacheOf(array().read(), nullptr, known);
    std::shared_ptr<Cache> cache = state_->newCache();
    cache->write(image);
    // Objects that callers hold from an earlier load stand for their devices again, where those are still there.
    for (const Key& key : registry_.alive())
      if (!known.count(key)) registry_.markDeleted(key);
    known_.swap(known);
    cache_ = std::move(cache);
    sink_ = std::move(sink);
    reenumerated_ = false;
    loaded_ = true;
    return S_OK;
  });
}

HRESULT Provider::OnUnload(BOOL) {
  return answer([&] {
    Ref<IVdsAdviseSink> sink;
    {
      const std::lock_guard lock(state_->mutex);
      loaded_ = false;
      cache_ = nullptr;
      sink = std::move(sink_);
    }
    workers_.join();  // They see that the load is over, and the sink hears nothing after we return.
    return S_OK;
  });
}

HRESULT Provider::QuerySubSystems(IEnumVdsObject** out) {
  if (out) *out = nullptr;
  return answer([&] {
    Call call(*this);
    if (!out) fail(E_INVALIDARG);
    Enumerator::Objects objects;
    const DirectoryEntry directory = call.cache.need<DirectoryEntry>(kNullGuid);
    for (const GUID& id : directory.subSystems) {
      call.cache.need<SubSystemEntry>(id);
      objects.push_back(object({Kind::subSystem, id}));
    }
    *out = Enumerator::make(*this, std::move(objects)).detach();
    return S_OK;
  });
}

HRESULT Provider::GetObject(VDS_OBJECT_ID id, VDS_OBJECT_TYPE type, IUnknown** out) {
  if (out) *out = nullptr;
  return answer([&] {
    Call call(*this);
    if (!out) fail(E_INVALIDARG);
    const Kind kind = kindOf(type);
    const Key key = {kind, kind == Kind::lun ? publishedId(id) : id};
    // Reads no entry: an object whose entry is damaged can still be had, and says so itself.
    const auto found = known_.find(key);
    if (found == known_.end()) fail(VDS_E_OBJECT_NOT_FOUND);
    *out = object(key, found->second).detach();
    return S_OK;
  });
}

HRESULT Provider::QueryIfCreatedLun(LPWSTR, VDS_LUN_INFORMATION*, VDS_OBJECT_ID* out) {
  if (!out) return E_INVALIDARG;
  // No LUN of this array ever appears as a disk of this computer.
  *out = kNullGuid;
  return S_FALSE;
}

Ref<IUnknown> Provider::object(const Key& key, const GUID& parent) {
  return registry_.obtain(key, [&]() -> Device* {
    if (key.kind == Kind::subSystem) return new SubSystem(*this, key.id);
    if (key.kind == Kind::lun) return new Lun(*this, key.id, parent);
    return new Target(*this, key.id, parent);
  });
}

GUID Provider::publishedId(const GUID& lun) const noexcept {
  GUID id = lun;
  if constexpr (kDefect == Defect::new_guids) id.Data1 ^= idMask_;  // Its own inverse: GetObject finds a LUN by the id it was given.
  return id;
}

}  // namespace vdsc
