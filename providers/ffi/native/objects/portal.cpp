#include "objects/portal.h"

#include "com/arguments.h"

namespace vdsc {

HRESULT Portal::GetProperties(VDS_ISCSI_PORTAL_PROP* out) {
  return method(out, [&](Call& call) {
    const PortalRecord portal = entry(call).record;
    out->id = key.id;
    out->address.type = VDS_IPT_IPV4;
    out->address.ipv4Address = portal.address;
    out->address.ulPort = portal.tcpPort;
    out->status = static_cast<VDS_ISCSI_PORTAL_STATUS>(portal.status);
    return S_OK;
  });
}

HRESULT Portal::SetStatus(VDS_ISCSI_PORTAL_STATUS status) {
  return method([&](Call& call) {
    checkSettable(status, {VDS_IPS_NOT_READY, VDS_IPS_FAILED});
    return changeArray(call, Method::IVdsIscsiPortal_SetStatus, WhenFailed::go,
                       [&](Reached& r) { r.found.portal->status = status; });
  });
}

}  // namespace vdsc
