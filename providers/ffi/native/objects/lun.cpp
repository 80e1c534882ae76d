#include "objects/lun.h"

#include "com/arguments.h"
#include "com/defects.h"
#include "objects/provider.h"
#include "array/space.h"

namespace vdsc {
namespace {

/** VDS_LUN_PROP of a later version, which Defect::out_overrun was compiled against. */
struct LaterLunProp {
  VDS_LUN_PROP known;
  ULONGLONG volumeCount;
};

/** The LUN and its plexes: what changes when its size or its hints do. */
Ids withPlexes(const LunRecord& lun) {
  Ids ids = {lun.id};
  for (const PlexRecord& plex : lun.plexes) ids.push_back(plex.id);
  return ids;
}

/** The LUN whose plexes are to become plexes of another. */
const LunRecord& sourceOf(const Found& found, const GUID& id) {
  const LunRecord* source = withId(found.subSystem->luns, id);
  if (!source) fail(VDS_E_OBJECT_NOT_FOUND);
  if (id == found.id || source->size < found.lun->size) fail(VDS_E_INVALID_OPERATION);
  return *source;
}

void checkRemovable(LunRecord& lun, const GUID& plex) {
  if (!withId(lun.plexes, plex)) fail(VDS_E_OBJECT_NOT_FOUND);
  if (lun.plexes.size() == 1) fail(VDS_E_INVALID_OPERATION);
}

}  // namespace

std::optional<Ids> Lun::driveList(const Call& call, const VDS_OBJECT_ID* drives, LONG count) const {
  const Ids known = ofSubSystem(call).drives;
  std::optional<Ids> ids = counted(drives, count);
  if (ids) checkKnown(*ids, known);
  return ids;
}

void Lun::checkResizable(const Call& call) const {
  if (hasParity(entry(call).type)) fail(VDS_E_NOT_SUPPORTED);
}

Extents Lun::promised(const Reached& reached) const {
  return provider().claims().extentsIn(reached.found.subSystem->facts.id);
}

HRESULT Lun::GetProperties(VDS_LUN_PROP* out) {
  return method(out, [&](Call& call) {
    const LunEntry lun = entry(call);
    OutText friendlyName = outText(lun.friendlyName);
    OutText identification = outText(lun.identification);
    OutText unmaskingList = outText(lun.unmaskingList);
    out->id = provider().publishedId(key.id);
    out->ullSize = lun.size;
    out->pwszFriendlyName = friendlyName.release();
    out->pwszIdentification = identification.release();
    out->pwszUnmaskingList = unmaskingList.release();
    out->ulFlags = lun.flags;
    out->type = static_cast<VDS_LUN_TYPE>(lun.type);
    out->status = static_cast<VDS_LUN_STATUS>(lun.standing.status);
    out->health = static_cast<VDS_HEALTH>(lun.standing.health);
    out->TransitionState = VDS_TS_STABLE;
    out->sRebuildPriority = lun.hints.value.sRebuildPriority;
    if constexpr (kDefect == Defect::out_overrun) *reinterpret_cast<LaterLunProp*>(out) = {*out, 0};
    return S_OK;
  });
}

HRESULT Lun::GetIdentificationData(VDS_LUN_INFORMATION* out) {
  return method(out, [&](Call&) {
    OutAscii vendor = outAscii("VDSC");
    OutAscii product = outAscii("Reference");
    OutAscii revision = outAscii("1");
    OutAscii serial = outAscii(guidDigits(key.id));
    out->m_version = VER_VDS_LUN_INFORMATION;
    out->m_BusType = profile().busType;
    out->m_szVendorId = vendor.release();
    out->m_szProductId = product.release();
    out->m_szProductRevision = revision.release();
    out->m_szSerialNumber = serial.release();
    return S_OK;
  });
}

HRESULT Lun::Extend(ULONGLONG bytes, VDS_OBJECT_ID* drives, LONG driveCount, IVdsAsync** out) {
  return method(out, [&](Call& call) {
    checkResizable(call);
    if (bytes == 0) fail(E_INVALIDARG);
    const std::optional<Ids> chosen = driveList(call, drives, driveCount);
    const Reached reached = reach(call, Method::IVdsLun_Extend);
    Growth growth =
        grow(*reached.found.subSystem, promised(reached), *reached.found.lun, bytes, chosen ? &*chosen : nullptr);
    auto claim = provider().claims().add({reached.found.subSystem->facts.id, growth.extents(), {}, {}});
    operate(out, VDS_ASYNCOUT_EXTENDLUN,
            [this, growth = std::move(growth), claim = std::move(claim)](Call& end) mutable {
              Reached again = reachAgain(end, Method::IVdsLun_Extend);
              // A plex that was added or removed meanwhile is not in the plan, and must not be left smaller than its
              // LUN.
              if (!growth.covers(*again.found.lun)) fail(VDS_E_ANOTHER_CALL_IN_PROGRESS);
              growLun(*again.found.lun, growth);
              end.commit(again.system, withPlexes(*again.found.lun));
              claim = nullptr;  // The LUN itself takes the space now.
              return Ref<IUnknown>();
            });
    return S_OK;
  });
}

HRESULT Lun::Shrink(ULONGLONG bytes, IVdsAsync** out) {
  return method(out, [&](Call& call) {
    checkResizable(call);
    shrinkage(*reach(call, Method::IVdsLun_Shrink).found.lun, bytes);
    operate(out, VDS_ASYNCOUT_SHRINKLUN, [this, bytes](Call& end) {
      Reached again = reachAgain(end, Method::IVdsLun_Shrink);
      shrinkLun(*again.found.lun, shrinkage(*again.found.lun, bytes));
      end.commit(again.system, withPlexes(*again.found.lun));
      return Ref<IUnknown>();
    });
    return S_OK;
  });
}

HRESULT Lun::AddPlex(VDS_OBJECT_ID lun, IVdsAsync** out) {
  return method(out, [&](Call& call) {
    checkKnown(lun, ofSubSystem(call).luns);
    sourceOf(reach(call, Method::IVdsLun_AddPlex).found, lun);
    operate(out, VDS_ASYNCOUT_ADDLUNPLEX, [this, lun](Call& end) {
      Reached again = reachAgain(end, Method::IVdsLun_AddPlex);
      sourceOf(again.found, lun);
      mergeLuns(*again.found.subSystem, key.id, lun);
      // The plexes before the LUN that they leave, or they would go with it.
      Ids changed = withPlexes(*withId(again.found.subSystem->luns, key.id));
      changed.push_back(lun);
      end.commit(again.system, changed);
      return Ref<IUnknown>();
    });
    return S_OK;
  });
}

HRESULT Lun::RemovePlex(VDS_OBJECT_ID plex, IVdsAsync** out) {
  return method(out, [&](Call& call) {
    checkKnown(plex, entry(call).plexes);
    checkRemovable(*reach(call, Method::IVdsLun_RemovePlex).found.lun, plex);
    operate(out, VDS_ASYNCOUT_REMOVELUNPLEX, [this, plex](Call& end) {
      Reached again = reachAgain(end, Method::IVdsLun_RemovePlex);
      checkRemovable(*again.found.lun, plex);
      removePlex(*again.found.lun, plex);
      end.commit(again.system, {key.id, plex});
      return Ref<IUnknown>();
    });
    return S_OK;
  });
}

HRESULT Lun::Recover(IVdsAsync** out) {
  return method(out, [&](Call& call) {
    if (reach(call, Method::IVdsLun_Recover, WhenFailed::go).found.lun->type != VDS_LT_MIRROR)
      fail(VDS_E_INVALID_OPERATION);
    operate(out, VDS_ASYNCOUT_RECOVERLUN, [this](Call& end) {
      Reached again = reachAgain(end, Method::IVdsLun_Recover);
      recoverLun(*again.found.subSystem, promised(again), *again.found.lun);
      end.commit(again.system, withPlexes(*again.found.lun));
      return Ref<IUnknown>();
    });
    return S_OK;
  });
}

HRESULT Lun::SetMask(LPWSTR unmaskingList) {
  return method([&](Call& call) {
    if ((profile().flags & VDS_SF_LUN_MASKING_CAPABLE) == 0) fail(VDS_E_NOT_SUPPORTED);
    const Text kept = unmaskingListOf(unmaskingList);
    return changeArray(call, Method::IVdsLun_SetMask, WhenFailed::refuse,
                       [&](Reached& r) { r.found.lun->unmaskingList = kept; });
  });
}

HRESULT Lun::Delete() {
  return method([&](Call& call) {
    Reached reached = reach(call, Method::IVdsLun_Delete, WhenFailed::go);
    reached.system.remove(key.id);
    call.commit(reached.system, {key.id});
    return S_OK;
  });
}

HRESULT Lun::AssociateControllers(VDS_OBJECT_ID* active, LONG activeCount, VDS_OBJECT_ID* inactive,
                                  LONG inactiveCount) {
  return method([&](Call& call) {
    const Ids kept = divided(active, activeCount, inactive, inactiveCount, ofSubSystem(call).controllers);
    return changeArray(call, Method::IVdsLun_AssociateControllers, WhenFailed::refuse,
                       [&](Reached& r) { activateOn(r.found, kept); });
  });
}

HRESULT Lun::AssociateTargets(VDS_OBJECT_ID* targets, LONG targetCount) {
  return method([&](Call& call) {
    const Ids given = counted(targets, targetCount).value_or(Ids());
    checkKnown(given, ofSubSystem(call).targets);
    return changeArray(call, Method::IVdsLunIscsi_AssociateTargets, WhenFailed::refuse, [&](Reached& r) {
      checkKnown(given, idsOf(r.found.subSystem->targets));
      Ids kept;
      for (const GUID& id : given)
        if (!contains(kept, id)) kept.push_back(id);
      r.found.lun->targets = kept;
    });
  });
}

HRESULT Lun::QueryHints(VDS_HINTS* out) {
  return method(out, [&](Call& call) {
    *out = entry(call).hints.value;
    return S_OK;
  });
}

HRESULT Lun::QueryHints2(VDS_HINTS2* out) {
  return method(out, [&](Call& call) {
    *out = laterHints(entry(call).hints.value);
    return S_OK;
  });
}

HRESULT Lun::ApplyHints(VDS_HINTS* hints) {
  return applyHints(Method::IVdsLun_ApplyHints, hints);
}

HRESULT Lun::ApplyHints2(VDS_HINTS2* hints) {
  const VDS_HINTS first = hints ? firstHints(*hints) : VDS_HINTS();
  return applyHints(Method::IVdsLun2_ApplyHints2, hints ? &first : nullptr);
}

HRESULT Lun::applyHints(Method which, const VDS_HINTS* hints) noexcept {
  return method([&](Call& call) {
    if (!hints) fail(E_INVALIDARG);
    Reached reached = reach(call, which);
    LunRecord& lun = *reached.found.lun;
    lun.hints = withHints(lun.hints, *hints);
    for (PlexRecord& plex : lun.plexes) plex.hints = withHints(plex.hints, *hints);
    call.commit(reached.system, withPlexes(lun));
    return S_OK;
  });
}

HRESULT Lun::SetStatus(VDS_LUN_STATUS status) {
  return method([&](Call& call) {
    checkSettable(status, {VDS_LS_NOT_READY, VDS_LS_FAILED});
    return changeArray(call, Method::IVdsLun_SetStatus, WhenFailed::go,
                       [&](Reached& r) { putStatus(r.found.lun->standing, status); });
  });
}

HRESULT Lun::QueryMaxLunExtendSize(VDS_OBJECT_ID* drives, LONG driveCount, ULONGLONG* out) {
  return method(out, [&](Call& call) {
    checkResizable(call);
    const std::optional<Ids> chosen = driveList(call, drives, driveCount);
    const Reached reached = reach(call, Method::IVdsLun_QueryMaxLunExtendSize, WhenFailed::go);
    *out = largestGrowth(*reached.found.subSystem, promised(reached), *reached.found.lun, chosen ? &*chosen : nullptr);
    return S_OK;
  });
}

HRESULT Lun::GetLunNumber(ULONG* out) {
  return method(out, [&](Call& call) {
    *out = entry(call).number;
    return S_OK;
  });
}

HRESULT Lun::SetFriendlyName(LPWSTR name) {
  return method([&](Call& call) {
    const FriendlyName kept = friendlyNameOf(name);
    changeArray(call, Method::IVdsLunNaming_SetFriendlyName, WhenFailed::refuse,
                [&](Reached& r) { r.found.lun->friendlyName = kept.name; });
    return kept.answer;
  });
}

}  // namespace vdsc
