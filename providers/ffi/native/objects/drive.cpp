#include "objects/drive.h"

#include "com/arguments.h"
#include "objects/provider.h"
#include "array/space.h"

namespace vdsc {
namespace {

constexpr ULONG kSpindleSpeed = 7200;

}  // namespace

template <class Prop>
void Drive::fill(Prop& prop, const DriveRecord& drive) const {
  OutText friendlyName = outText(drive.friendlyName);
  OutText identification = outText(drive.identification);
  prop.id = key.id;
  prop.ullSize = drive.size;
  prop.pwszFriendlyName = friendlyName.release();
  prop.pwszIdentification = identification.release();
  prop.ulFlags = drive.flags;
  prop.status = static_cast<VDS_DRIVE_STATUS>(drive.standing.status);
  prop.health = static_cast<VDS_HEALTH>(drive.standing.health);
  prop.sInternalBusNumber = drive.bus;
  prop.sSlotNumber = drive.slot;
}

HRESULT Drive::GetProperties(VDS_DRIVE_PROP* out) {
  return method(out, [&](Call& call) {
    fill(*out, entry(call).record);
    return S_OK;
  });
}

HRESULT Drive::GetProperties2(VDS_DRIVE_PROP2* out) {
  return method(out, [&](Call& call) {
    fill(*out, entry(call).record);
    out->busType = VDSBusTypeSas;
    out->ulSpindleSpeed = kSpindleSpeed;
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
