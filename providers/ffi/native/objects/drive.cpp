#include "objects/drive.h"

#include "com/arguments.h"
#include "objects/provider.h"
#include "array/space.h"

namespace vdsc {

HRESULT Drive::GetProperties(VDS_DRIVE_PROP* out) {
  return method(out, [&](Call& call) {
    const DriveRecord drive = entry(call).record;
    OutText friendlyName = outText(drive.friendlyName);
    OutText identification = outText(drive.identification);
    out->id = key.id;
    out->ullSize = drive.size;
    out->pwszFriendlyName = friendlyName.release();
    out->pwszIdentification = identification.release();
    out->ulFlags = drive.flags;
    out->status = static_cast<VDS_DRIVE_STATUS>(drive.standing.status);
    out->health = static_cast<VDS_HEALTH>(drive.standing.health);
    out->sInternalBusNumber = drive.bus;
    out->sSlotNumber = drive.slot;
    return S_OK;
  });
}

HRESULT Drive::QueryExtents(VDS_DRIVE_EXTENT** extents, LONG* count) {
  if (extents) *extents = nullptr;
  if (count) *count = 0;
  return run(extents && count, [&](Call& call) {
    std::vector<VDS_DRIVE_EXTENT> all;
    for (const DriveEntry::Stretch& stretch : entry(call).extents)
      all.push_back({key.id, stretch.lun, stretch.size, stretch.lun != kNullGuid});
    *extents = outArray(all).release();
    *count = static_cast<LONG>(all.size());
    return S_OK;
  });
}

/** A drive in use is no spare, and cannot become one. */
HRESULT Drive::changeFlags(Method which, ULONG flags, bool set) noexcept {
  return method([&](Call& call) {
    if ((flags & ~ULONG{VDS_DRF_HOTSPARE}) != 0) fail(E_INVALIDARG);
    return changeArray(call, which, WhenFailed::refuse, [&](Reached& r) {
      const SubSystemRecord& subSystem = *r.found.subSystem;
      if (isInUse(subSystem, provider().claims().extentsIn(subSystem.facts.id), key.id)) fail(VDS_E_NOT_SUPPORTED);
      uint32_t& kept = r.found.drive->flags;
      kept = set ? kept | flags : kept & ~flags;
    });
  });
}

HRESULT Drive::SetStatus(VDS_DRIVE_STATUS status) {
  return method([&](Call& call) {
    checkSettable(status, {VDS_DRS_NOT_READY, VDS_DRS_FAILED, VDS_DRS_REMOVED});
    return changeArray(call, Method::IVdsDrive_SetStatus, WhenFailed::go,
                       [&](Reached& r) { putStatus(r.found.drive->standing, status); });
  });
}

}  // namespace vdsc
