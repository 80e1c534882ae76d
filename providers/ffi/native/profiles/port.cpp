#include "profiles/port.h"

#include "com/arguments.h"

namespace vdsc {

void putPortProp(VDS_PORT_PROP& prop, const PortRecord& port) {
  OutText friendlyName = outText(port.friendlyName);
  OutText identification = outText(port.identification);
  prop.id = port.id;
  prop.pwszFriendlyName = friendlyName.release();
  prop.pwszIdentification = identification.release();
  prop.status = static_cast<VDS_PORT_STATUS>(port.status);
}

HRESULT Port::GetProperties(VDS_PORT_PROP* out) {
  return method(out, [&](Call& call) {
    putPortProp(*out, entry(call).record);
    return S_OK;
  });
}

/** The port comes back as it was. */
HRESULT Port::Reset() {
  return method([&](Call& call) {
    reach(call, Method::IVdsControllerPort_Reset);
    return S_OK;
  });
}

/** While its controller is not online, the port reports the controller's status, and has this one afterwards. */
HRESULT Port::SetStatus(VDS_PORT_STATUS status) {
  return method([&](Call& call) {
    checkSettable(status, {VDS_PRS_NOT_READY, VDS_PRS_FAILED, VDS_PRS_REMOVED});
    return changeArray(call, Method::IVdsControllerPort_SetStatus, WhenFailed::go,
                       [&](Reached& r) { r.found.port->status = status; });
  });
}

}  // namespace vdsc
