#include "lun.h"

#include <algorithm>

#include "allocation.h"
#include "defects.h"

namespace vdsc {
namespace {

/** VDS_LUN_PROP of a later version, which Defect::out_overrun was compiled against. */
struct LaterLunProp {
  VDS_LUN_PROP known;
  ULONGLONG volumeCount;
};

/** The LUN in the array, for a change; see Call::gone. */
LunRecord& reachLun(Call& call, SubSystemRecord& subSystem, const GUID& id) {
  LunRecord* record = subSystem.lun(id);
  if (!record) call.gone({Kind::lun, id});
  return *record;
}

}  // namespace

HRESULT Lun::GetProperties(VDS_LUN_PROP* out) {
  return method(out, [&](Call& call) {
    const LunRecord lun = entry(call).record;
    OutText friendlyName = outText(lun.friendlyName);
    OutText identification = outText(lun.identification);
    OutText unmaskingList = outText(lun.unmaskingList);
    out->id = provider().publishedId(key.id);
    out->ullSize = lun.size;
    out->pwszFriendlyName = friendlyName.release();
    out->pwszIdentification = identification.release();
    out->pwszUnmaskingList = unmaskingList.release();
    out->type = static_cast<VDS_LUN_TYPE>(lun.type);
    out->status = static_cast<VDS_LUN_STATUS>(lun.status);
    out->health = static_cast<VDS_HEALTH>(lun.health);
    out->TransitionState = VDS_TS_STABLE;
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
    out->m_BusType = VDSBusTypeiScsi;
    out->m_szVendorId = vendor.release();
    out->m_szProductId = product.release();
    out->m_szProductRevision = revision.release();
    out->m_szSerialNumber = serial.release();
    return S_OK;
  });
}

HRESULT Lun::Extend(ULONGLONG bytes, VDS_OBJECT_ID* drives, LONG driveCount, IVdsAsync** out) {
  return method(out, [&](Call& call) {
    checkDriveList(drives, driveCount);
    if (bytes == 0) fail(E_INVALIDARG);
    if (drives) fail(VDS_E_OBJECT_NOT_FOUND);
    const uint64_t added = roundedUp(bytes);
    System system = provider().array().read();
    SubSystemRecord& subSystem = call.reach(system, parent);
    reachLun(call, subSystem, key.id);
    auto claim = claimSpace(provider().claims(), subSystem, added);

    *out = Async::start(provider(), VDS_ASYNCOUT_EXTENDLUN, [id = key.id, subSystem = parent, added, claim = std::move(claim)](Call& end) mutable {
      System system = end.provider().array().read();
      LunRecord& lun = reachLun(end, end.reach(system, subSystem), id);
      LunEntry cached = end.cache.need<LunEntry>(id);
      lun.size += added;
      cached.record.size = lun.size;
      end.cache.put(id, cached);
      end.commit(system, VDS_NF_LUN_MODIFY, {Kind::lun, id});
      claim = nullptr;  // The LUN itself takes the space now.
      return Ref<IUnknown>();
    }).detach();
    return S_OK;
  });
}

HRESULT Lun::Delete() {
  return method([&](Call& call) {
    System system = provider().array().read();
    std::vector<LunRecord>& luns = call.reach(system, parent).luns;
    const auto found = std::find_if(luns.begin(), luns.end(), [this](const LunRecord& lun) { return lun.id == key.id; });
    if (found == luns.end()) call.gone(key);
    luns.erase(found);
    call.drop(key);
    call.commit(system, VDS_NF_LUN_DEPART, key);
    provider().registry().markDeleted(key);
    provider().known().erase(key);
    return S_OK;
  });
}

HRESULT Lun::RemovePlex(VDS_OBJECT_ID, IVdsAsync** out) {
  // The LUN shows no plexes, so no id names one: the one case for which the documents state a code.
  return method(out, [](Call&) { return VDS_E_OBJECT_NOT_FOUND; });
}

}  // namespace vdsc
