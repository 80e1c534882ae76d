#include "objects/subsystem.h"

#include "com/arguments.h"
#include "array/iscsi_name.h"
#include "objects/provider.h"
#include "array/space.h"

namespace vdsc {
namespace {

constexpr ULONG kFlags = VDS_SF_LUN_MASKING_CAPABLE | VDS_SF_LUN_PLEXING_CAPABLE | VDS_SF_DRIVE_EXTENT_CAPABLE |
                         VDS_SF_SUPPORTS_FAULT_TOLERANT_LUNS | VDS_SF_SUPPORTS_NON_FAULT_TOLERANT_LUNS |
                         VDS_SF_SUPPORTS_SIMPLE_LUNS | VDS_SF_SUPPORTS_SPAN_LUNS | VDS_SF_SUPPORTS_STRIPE_LUNS |
                         VDS_SF_SUPPORTS_MIRROR_LUNS | VDS_SF_SUPPORTS_AUTH_CHAP | VDS_SF_SUPPORTS_AUTH_MUTUAL_CHAP;

const Ids* choice(const std::optional<Ids>& drives) {
  return drives ? &*drives : nullptr;
}

}  // namespace

template <class Prop>
void SubSystem::fill(Prop& prop, const SubSystemFacts& facts) const {
  OutText friendlyName = outText(facts.friendlyName);
  OutText identification = outText(facts.identification);
  prop.id = key.id;
  prop.pwszFriendlyName = friendlyName.release();
  prop.pwszIdentification = identification.release();
  prop.ulFlags = kFlags;
  prop.ulStripeSizeFlags = kStripeSizes;
  prop.status = static_cast<VDS_SUB_SYSTEM_STATUS>(facts.standing.status);
  prop.health = static_cast<VDS_HEALTH>(facts.standing.health);
  prop.sNumberOfInternalBuses = 1;
  prop.sMaxNumberOfSlotsEachBus = 4;
  prop.sMaxNumberOfControllers = 2;
}

HRESULT SubSystem::GetProperties(VDS_SUB_SYSTEM_PROP* out) {
  return method(out, [&](Call& call) {
    fill(*out, entry(call).facts);
    return S_OK;
  });
}

HRESULT SubSystem::GetProperties2(VDS_SUB_SYSTEM_PROP2* out) {
  return method(out, [&](Call& call) {
    fill(*out, entry(call).facts);
    out->ulNumberOfEnclosures = 1;
    return S_OK;
  });
}

HRESULT SubSystem::GetProvider(IVdsProvider** out) {
  return method(out, [&](Call&) {
    *out = Ref<IVdsProvider>::share(&provider()).detach();
    return S_OK;
  });
}

HRESULT SubSystem::driveIn(SHORT bus, SHORT slot, ULONG enclosure, IVdsDrive** out) noexcept {
  return method(out, [&](Call& call) {
    for (const GUID& id : entry(call).drives) {
      const DriveRecord drive = call.cache.verified<DriveEntry>(id).record;
      if (drive.bus != bus || drive.slot != slot || enclosure != 0) continue;
      handOut(objectOf(id), out);
      return S_OK;
    }
    return VDS_E_OBJECT_NOT_FOUND;
  });
}

HRESULT SubSystem::Reenumerate() {
  return method([&](Call& call) {
    const Ids before = entry(call).drives;
    Reached reached = reach(call, Method::IVdsSubSystem_Reenumerate, WhenFailed::go);
    Ids changed;
    for (const DriveRecord& drive : reached.found.subSystem->drives)
      if ((drive.present != 0) != contains(before, drive.id)) changed.push_back(drive.id);
    for (const GUID& id : before)
      if (!withId(reached.found.subSystem->drives, id)) changed.push_back(id);
    call.learn(reached.system, changed);
    return S_OK;
  });
}

HRESULT SubSystem::SetControllerStatus(VDS_OBJECT_ID* online, LONG onlineCount, VDS_OBJECT_ID* offline,
                                       LONG offlineCount) {
  return method([&](Call& call) {
    const Ids known = entry(call).controllers;
    const Ids toBeOnline = divided(online, onlineCount, offline, offlineCount, known);
    Reached reached = reach(call, Method::IVdsSubSystem_SetControllerStatus);
    for (ControllerRecord& controller : reached.found.subSystem->controllers)
      putStatus(controller.standing, contains(toBeOnline, controller.id) ? VDS_CS_ONLINE : VDS_CS_OFFLINE);
    call.commit(reached.system, known);
    return S_OK;
  });
}

HRESULT SubSystem::ReplaceDrive(VDS_OBJECT_ID replaced, VDS_OBJECT_ID replacement) {
  return method([&](Call& call) {
    checkKnown(Ids{replaced, replacement}, entry(call).drives);
    Reached reached = reach(call, Method::IVdsSubSystem_ReplaceDrive);
    replaceDrive(*reached.found.subSystem, provider().claims().extentsIn(key.id), replaced, replacement);
    call.commit(reached.system, {replaced, replacement});
    return S_OK;
  });
}

HRESULT SubSystem::SetStatus(VDS_SUB_SYSTEM_STATUS status) {
  return method([&](Call& call) {
    checkSettable(status, {VDS_SSS_NOT_READY, VDS_SSS_FAILED, VDS_SSS_PARTIALLY_MANAGED});
    return changeArray(call, Method::IVdsSubSystem_SetStatus, WhenFailed::go,
                       [&](Reached& r) { putStatus(r.found.subSystem->facts.standing, status); });
  });
}

HRESULT SubSystem::SetFriendlyName(LPWSTR name) {
  return method([&](Call& call) {
    const FriendlyName kept = friendlyNameOf(name);
    changeArray(call, Method::IVdsSubSystemNaming_SetFriendlyName, WhenFailed::refuse,
                [&](Reached& r) { r.found.subSystem->facts.friendlyName = kept.name; });
    return kept.answer;
  });
}

HRESULT SubSystem::GetSupportedInterconnects(ULONG* out) {
  return method(out, [&](Call&) {
    *out = VDS_ITF_ISCSI;
    return S_OK;
  });
}

HRESULT SubSystem::maxLunSize(Method which, VDS_LUN_TYPE type, VDS_OBJECT_ID* drives, LONG driveCount,
                              ULONGLONG* out) noexcept {
  return method(out, [&](Call& call) {
    const std::optional<Ids> chosen = drivesFor(type, drives, driveCount, entry(call).drives);
    const Reached reached = reach(call, which, WhenFailed::go);
    *out = largestLun(*reached.found.subSystem, provider().claims().extentsIn(key.id), type, choice(chosen));
    return S_OK;
  });
}

HRESULT SubSystem::QueryMaxLunCreateSize(VDS_LUN_TYPE type, VDS_OBJECT_ID* drives, LONG driveCount, VDS_HINTS*,
                                         ULONGLONG* out) {
  return maxLunSize(Method::IVdsSubSystem_QueryMaxLunCreateSize, type, drives, driveCount, out);
}

HRESULT SubSystem::QueryMaxLunCreateSize2(VDS_LUN_TYPE type, VDS_OBJECT_ID* drives, LONG driveCount, VDS_HINTS2*,
                                          ULONGLONG* out) {
  return maxLunSize(Method::IVdsSubSystem2_QueryMaxLunCreateSize2, type, drives, driveCount, out);
}

HRESULT SubSystem::CreateLun(VDS_LUN_TYPE type, ULONGLONG size, VDS_OBJECT_ID* drives, LONG driveCount,
                             LPWSTR unmaskingList, VDS_HINTS* hints, IVdsAsync** out) {
  return createLun(Method::IVdsSubSystem_CreateLun, type, size, drives, driveCount, unmaskingList, hints, out);
}

HRESULT SubSystem::CreateLun2(VDS_LUN_TYPE type, ULONGLONG size, VDS_OBJECT_ID* drives, LONG driveCount,
                              LPWSTR unmaskingList, VDS_HINTS2* hints, IVdsAsync** out) {
  VDS_HINTS first = {};
  if (hints) first = firstHints(*hints);
  return createLun(Method::IVdsSubSystem2_CreateLun2, type, size, drives, driveCount, unmaskingList,
                   hints ? &first : nullptr, out);
}

HRESULT SubSystem::createLun(Method which, VDS_LUN_TYPE type, ULONGLONG size, VDS_OBJECT_ID* drives, LONG driveCount,
                             LPWSTR unmaskingList, const VDS_HINTS* hints, IVdsAsync** out) noexcept {
  return method(out, [&](Call& call) {
    const std::optional<Ids> chosen = drivesFor(type, drives, driveCount, entry(call).drives);
    if (size == 0) fail(E_INVALIDARG);
    Text mask = unmaskingListOf(unmaskingList);
    const Hints kept = hints ? withHints(Hints(), *hints) : Hints();
    const Reached reached = reach(call, which);
    Layout layout = layOut(*reached.found.subSystem, provider().claims().extentsIn(key.id), type, size, choice(chosen),
                           stripeSizeOf(kept));
    auto claim = provider().claims().add({key.id, layout.extents(), {}, {}});
    operate(out, VDS_ASYNCOUT_CREATELUN,
            [this, which, kept, mask = std::move(mask), layout = std::move(layout),
             claim = std::move(claim)](Call& end) mutable {
              Reached again = reachAgain(end, which);
              SubSystemRecord& subSystem = *again.found.subSystem;
              LunRecord lun = again.system.newLun(subSystem, Text());
              lun.unmaskingList = mask;
              lun.hints = kept;
              place(lun, layout);
              const GUID id = lun.id;
              Ref<IUnknown> object = provider().object({Kind::lun, id});
              subSystem.luns.push_back(std::move(lun));
              end.commit(again.system, {id});
              claim = nullptr;  // The LUN itself takes the space now.
              return object;
            });
    return S_OK;
  });
}

HRESULT SubSystem::CreateTarget(LPWSTR iscsiName, LPWSTR friendlyName, IVdsAsync** out) {
  return method(out, [&](Call& call) {
    TargetRecord target;
    target.id = newGuid();
    target.iscsiName =
        iscsiName && *iscsiName ? Text(iscsiName) : wide("iqn.2026-11.example.vdsc:" + guidDigits(target.id));
    if (!isIscsiName(target.iscsiName)) fail(E_INVALIDARG);
    if (friendlyName) target.friendlyName = friendlyName;
    const Reached reached = reach(call, Method::IVdsSubSystemIscsi_CreateTarget);
    if (provider().claims().holdName(target.iscsiName) || reached.system.isNameTaken(target.iscsiName))
      fail(VDS_E_NAME_NOT_UNIQUE);
    auto claim = provider().claims().add({key.id, {}, target.iscsiName, {}});
    const bool isNamed = friendlyName != nullptr;
    operate(out, VDS_ASYNCOUT_CREATETARGET,
            [this, isNamed, target = std::move(target), claim = std::move(claim)](Call& end) mutable {
              Reached again = reachAgain(end, Method::IVdsSubSystemIscsi_CreateTarget);
              TargetRecord made = target;
              if (!isNamed) made.friendlyName = wide("Target " + std::to_string(again.system.nextTarget++));
              Ref<IUnknown> object = provider().object({Kind::target, made.id});
              again.found.subSystem->targets.push_back(std::move(made));
              end.commit(again.system, {target.id});
              claim = nullptr;
              return object;
            });
    return S_OK;
  });
}

HRESULT SubSystem::GetImportTarget(LPWSTR* out) {
  return method(out, [&](Call& call) {
    const Text name = entry(call).facts.importTarget;
    if (name.empty()) fail(VDS_E_NO_IMPORT_TARGET);
    *out = outText(name).release();
    return S_OK;
  });
}

// The documents call the parameter an iSCSI name and describe the id of a target, to be cleared by GUID_NULL. This
// provider takes names, whether or not such a target exists, and clears for NULL and for GUID_NULL alike.
HRESULT SubSystem::SetImportTarget(LPWSTR iscsiName) {
  return method([&](Call& call) {
    Text name = iscsiName ? Text(iscsiName) : Text();
    if (parseGuid(name) == kNullGuid)
      name.clear();
    else if (iscsiName && !isIscsiName(name))
      fail(E_INVALIDARG);
    return changeArray(call, Method::IVdsSubSystemImportTarget_SetImportTarget, WhenFailed::refuse,
                       [&](Reached& r) { r.found.subSystem->facts.importTarget = name; });
  });
}

}  // namespace vdsc
