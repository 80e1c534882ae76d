#include "objects/provider.h"

#include <algorithm>

#include "objects/controller.h"
#include "com/defects.h"
#include "objects/drive.h"
#include "objects/enumerator.h"
#include "objects/lun.h"
#include "objects/plex.h"
#include "objects/portal.h"
#include "objects/portal_group.h"
#include "objects/subsystem.h"
#include "objects/target.h"
#include "profiles/port.h"
#include "profiles/storage_pool.h"

namespace vdsc {
namespace {

constexpr GUID kProviderId = {0xD61AE054, 0x4F72, 0x4B20, {0x9F, 0xE8, 0x15, 0x3A, 0x68, 0x23, 0x0A, 0x86}};
constexpr GUID kVersionId = {0x808CCC88, 0x3660, 0x47F1, {0x81, 0x60, 0x0B, 0x83, 0x24, 0xEB, 0xC5, 0x15}};

bool isObjectType(VDS_OBJECT_TYPE type) noexcept {
  constexpr VDS_OBJECT_TYPE types[] = {
      VDS_OT_UNKNOWN,      VDS_OT_PROVIDER,   VDS_OT_PACK,         VDS_OT_VOLUME,      VDS_OT_VOLUME_PLEX,
      VDS_OT_DISK,         VDS_OT_SUB_SYSTEM, VDS_OT_CONTROLLER,   VDS_OT_DRIVE,       VDS_OT_LUN,
      VDS_OT_LUN_PLEX,     VDS_OT_PORT,       VDS_OT_PORTAL,       VDS_OT_TARGET,      VDS_OT_PORTAL_GROUP,
      VDS_OT_STORAGE_POOL, VDS_OT_HBAPORT,    VDS_OT_INIT_ADAPTER, VDS_OT_INIT_PORTAL, VDS_OT_ASYNC,
      VDS_OT_ENUM,         VDS_OT_VDISK,      VDS_OT_OPEN_VDISK};
  return std::find(std::begin(types), std::end(types), type) != std::end(types);
}

Kind kindOf(VDS_OBJECT_TYPE type) {
  if (!isObjectType(type)) fail(E_INVALIDARG);
  switch (type) {
    case VDS_OT_SUB_SYSTEM:
      return Kind::subSystem;
    case VDS_OT_LUN:
      return Kind::lun;
    case VDS_OT_LUN_PLEX:
      return Kind::plex;
    case VDS_OT_DRIVE:
      return Kind::drive;
    case VDS_OT_CONTROLLER:
      return Kind::controller;
    case VDS_OT_PORT:
      return Kind::port;
    case VDS_OT_STORAGE_POOL:
      return Kind::storagePool;
    case VDS_OT_PORTAL:
      return Kind::portal;
    case VDS_OT_TARGET:
      return Kind::target;
    case VDS_OT_PORTAL_GROUP:
      return Kind::portalGroup;
    default:
      fail(VDS_E_OBJECT_NOT_FOUND);
  }
}

/** The LUN's id in a serial number: 32 digits. */
std::optional<GUID> idInSerial(const Text& digits) {
  if (digits.size() != 32) return std::nullopt;
  Text text = digits;
  for (const size_t hyphen : {20, 16, 12, 8}) text.insert(hyphen, 1, '-');
  return parseGuid(text);
}

std::optional<GUID> idInPath(const Text& path) {
  const Text prefix = wide("\\\\?\\vdsc#");
  if (path.compare(0, prefix.size(), prefix) != 0) return std::nullopt;
  return idInSerial(path.substr(prefix.size()));
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
    // Before the call, so that a load that fails releases the sink after it: Release may be a call into foreign code.
    auto sink = Ref<IVdsAdviseSink>::adopt(static_cast<IVdsAdviseSink*>(found));
    return carryOut(*this, Call::Needs::nothing, [&](Call& call) {
      if (loaded_) fail(VDS_E_INITIALIZED_FAILED);
      System system = array().read();
      try {
        call.ask(Method::IVdsProviderPrivate_OnLoad, call.scopeOfAll(system));
      } catch (const Failure&) {
        fail(VDS_E_INITIALIZED_FAILED);  // An array that answers with an error cannot be loaded from.
      }
      if constexpr (kDefect == Defect::loads_first_lun_only)
        for (SubSystemRecord& subSystem : system.subSystems)
          if (subSystem.luns.size() > 1) subSystem.luns.resize(1);
      Learning learning(system, CacheImage(), Known());
      learning.load();
      std::shared_ptr<Cache> cache = state_->newCache();
      cache->write(learning.cache);
      state_->loaded.push_back(this);
      // Objects that callers hold from an earlier load stand for their devices again, where those are still there.
      for (const Key& key : registry_.alive())
        if (!learning.known.count(key.id)) registry_.markDeleted(key.id);
      known_.swap(learning.known);
      cache_ = std::move(cache);
      std::swap(sink_, sink);
      reenumerated_ = false;
      loaded_ = true;
      return S_OK;
    });
  });
}

HRESULT Provider::OnUnload(BOOL) {
  return answer([&] {
    Ref<IVdsAdviseSink> sink;
    {
      const std::lock_guard lock(state_->mutex);
      loaded_ = false;
      cache_ = nullptr;
      stopListening();
      sink = std::move(sink_);
      state_->gate.wake();  // Those whom the array keeps waiting have nothing left to wait for.
    }
    workers_.join();  // They see that the load is over, and the sink hears nothing after we return.
    return S_OK;
  });
}

Provider::~Provider() {
  const std::lock_guard lock(state_->mutex);
  stopListening();
}

void Provider::stopListening() noexcept {
  auto& loaded = state_->loaded;
  loaded.erase(std::remove(loaded.begin(), loaded.end(), this), loaded.end());
}

void Provider::wakeWaiting() const {
  const std::lock_guard lock(state_->mutex);
  state_->gate.wake();
}

void Provider::deliver(const ArrayEvents& events) const noexcept {
  for (const ArrayEvent& event : events) {
    answer([&] {
      std::vector<Ref<Provider>> listeners;
      {
        const std::lock_guard lock(state_->mutex);
        for (Provider* provider : state_->loaded)
          if (provider->tryAddReference()) listeners.push_back(Ref<Provider>::adopt(provider));
      }
      for (const Ref<Provider>& listener : listeners) {
        carryOut(*listener, Call::Needs::load, [&](Call& call) {
          System system = listener->array().read();
          // The devices are read anew, so an event that comes twice, or late, finds nothing left to do.
          call.learn(system, event.devices);
          return S_OK;
        });
      }
      return S_OK;
    });
  }
}

HRESULT Provider::QuerySubSystems(IEnumVdsObject** out) {
  if (out) *out = nullptr;
  return carryOut(*this, Call::Needs::load, [&](Call& call) {
    if (!out) fail(E_INVALIDARG);
    Enumerator::Objects objects;
    for (const GUID& id : call.cache.need<DirectoryEntry>(kNullGuid).subSystems) {
      call.cache.need<SubSystemEntry>(id);
      objects.push_back(object({Kind::subSystem, id}));
    }
    *out = Enumerator::make(*this, std::move(objects)).detach();
    return S_OK;
  });
}

HRESULT Provider::GetObject(VDS_OBJECT_ID id, VDS_OBJECT_TYPE type, IUnknown** out) {
  if (out) *out = nullptr;
  return carryOut(*this, Call::Needs::load, [&](Call&) {
    if (!out) fail(E_INVALIDARG);
    const Kind kind = kindOf(type);
    const GUID own = kind == Kind::lun ? publishedId(id) : id;
    // Reads no entry: an object whose entry is damaged can still be had, and says so itself.
    const auto found = known_.find(own);
    if (found == known_.end() || found->second.kind != kind) fail(VDS_E_OBJECT_NOT_FOUND);
    *out = object({kind, own}).detach();
    return S_OK;
  });
}

HRESULT Provider::GetVersionSupport(ULONG* out) {
  if (!out) return E_INVALIDARG;
  *out = VDS_VSF_1_0 | VDS_VSF_1_1 | VDS_VSF_2_0 | VDS_VSF_2_1 | VDS_VSF_3_0;
  return S_OK;
}

HRESULT Provider::GetProviderType(VDS_HWPROVIDER_TYPE* out) {
  if (!out) return E_INVALIDARG;
  *out = profile().type;
  return S_OK;
}

/** Knows a LUN by its device path or by its serial number: both hold the digits of its id. */
HRESULT Provider::QueryIfCreatedLun(LPWSTR path, VDS_LUN_INFORMATION* information, VDS_OBJECT_ID* out) {
  if (!out) return E_INVALIDARG;
  *out = kNullGuid;
  return carryOut(*this, Call::Needs::nothing, [&](Call&) {
    std::optional<GUID> candidates[2];
    if (path) candidates[0] = idInPath(path);
    if (information && information->m_szSerialNumber) candidates[1] = idInSerial(wide(information->m_szSerialNumber));
    for (const std::optional<GUID>& id : candidates) {
      if (!isLoaded() || !id) continue;
      const auto found = known_.find(*id);
      if (found == known_.end() || found->second.kind != Kind::lun) continue;
      *out = publishedId(*id);
      return S_OK;
    }
    return S_FALSE;
  });
}

Ref<IUnknown> Provider::object(const Key& key) {
  return registry_.obtain(key, [&]() -> Device* {
    switch (key.kind) {
      case Kind::lun:
        return new Lun(*this, key.id);
      case Kind::plex:
        return new Plex(*this, key.id);
      case Kind::drive:
        return new Drive(*this, key.id);
      case Kind::controller:
        return new Controller(*this, key.id);
      case Kind::portal:
        return new Portal(*this, key.id);
      case Kind::target:
        return new Target(*this, key.id);
      case Kind::portalGroup:
        return new PortalGroup(*this, key.id);
      case Kind::port:
        return new Port(*this, key.id);
      case Kind::storagePool:
        return new StoragePool(*this, key.id);
      default:
        return new SubSystem(*this, key.id);
    }
  });
}

GUID Provider::publishedId(const GUID& lun) const noexcept {
  GUID id = lun;
  if constexpr (kDefect == Defect::new_guids)
    id.Data1 ^= idMask_;  // Its own inverse: GetObject finds a LUN by the id it was given.
  return id;
}

}  // namespace vdsc
