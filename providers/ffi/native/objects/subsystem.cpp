#include "objects/subsystem.h"

#include "com/arguments.h"
#include "array/iscsi_name.h"
#include "objects/provider.h"
#include "array/space.h"

namespace vdsc {
namespace {

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
  prop.ulFlags = profile().flags;
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
    out->ulSupportedRaidTypeFlags = profile().raidTypes;
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
    *out = profile().interconnects;
    return S_OK;
  });
}

HRESULT SubSystem::maxLunSize(Method which, VDS_LUN_TYPE type, VDS_OBJECT_ID* drives, LONG driveCount,
                              ULONGLONG* out) noexcept {
  return method(out, [&](Call& call) {
    const std::optional<Ids> chosen = drivesFor(profile(), type, drives, driveCount, entry(call).drives);
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
  return method(out, [&](Call& call) {
    LunRequest request{type, size, drives, driveCount, unmaskingList, std::nullopt};
    if (hints) request.hints = *hints;
    createLun(call, Method::IVdsSubSystem_CreateLun, request, nullptr, out);
    return S_OK;
  });
}

HRESULT SubSystem::CreateLun2(VDS_LUN_TYPE type, ULONGLONG size, VDS_OBJECT_ID* drives, LONG driveCount,
                              LPWSTR unmaskingList, VDS_HINTS2* hints, IVdsAsync** out) {
  return method(out, [&](Call& call) {
    LunRequest request{type, size, drives, driveCount, unmaskingList, std::nullopt};
    if (hints) request.hints = firstHints(*hints);
    createLun(call, Method::IVdsSubSystem2_CreateLun2, request, nullptr, out);
    return S_OK;
  });
}

/** The page of CreateLunInStoragePool names no code for a subsystem that has failed; it refuses as CreateLun does. */
void SubSystem::createIn(Call& call, Method which, const Ids& within, const LunRequest& request, IVdsAsync** out) {
  if (statusIn(call.cache) == VDS_SSS_FAILED) fail(VDS_E_OBJECT_STATUS_FAILED);
  createLun(call, which, request, &within, out);
}

ULONGLONG SubSystem::largestIn(Call& call, Method which, const Ids& within, VDS_LUN_TYPE type) {
  drivesFor(profile(), type, nullptr, 0, entry(call).drives);
  const Reached reached = reach(call, which, WhenFailed::go);
  return largestLun(*reached.found.subSystem, provider().claims().extentsIn(key.id), type, &within);
}

void SubSystem::createLun(Call& call, Method which, const LunRequest& request, const Ids* within, IVdsAsync** out) {
  const std::optional<Ids> chosen =
      drivesFor(profile(), request.type, request.drives, request.driveCount, entry(call).drives);
  if (request.size == 0) fail(E_INVALIDARG);
  Text mask = unmaskingListOf(request.unmaskingList);
  const Hints kept = request.hints ? withHints(Hints(), *request.hints) : Hints();
  const Reached reached = reach(call, which);
  Layout layout = layOut(*reached.found.subSystem, provider().claims().extentsIn(key.id), request.type, request.size,
                         chosen ? &*chosen : within, stripeSizeOf(kept));
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
}

HRESULT SubSystem::CreateTarget(LPWSTR iscsiName, LPWSTR friendlyName, IVdsAsync** out) {
  return method(out, [&](Call& call) {
    // The targets of an array with simple target configuration are there from the beginning.
    if (profile().has(Feature::pools)) fail(VDS_E_NOT_SUPPORTED);
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
    if (!hasImportTarget()) fail(VDS_E_NOT_SUPPORTED);
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
    if (!hasImportTarget()) fail(VDS_E_NOT_SUPPORTED);
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
