#include "objects/controller.h"

#include "com/arguments.h"

namespace vdsc {

HRESULT Controller::GetProperties(VDS_CONTROLLER_PROP* out) {
  return method(out, [&](Call& call) {
    const ControllerRecord controller = entry(call).record;
    OutText friendlyName = outText(controller.friendlyName);
    OutText identification = outText(controller.identification);
    out->id = key.id;
    out->pwszFriendlyName = friendlyName.release();
    out->pwszIdentification = identification.release();
    out->status = static_cast<VDS_CONTROLLER_STATUS>(controller.standing.status);
    out->health = static_cast<VDS_HEALTH>(controller.standing.health);
    out->sNumberOfPorts = 1;
    return S_OK;
  });
}

/** The port's status is its controller's: it is part of it. */
HRESULT Controller::GetPortProperties(SHORT port, VDS_PORT_PROP* out) {
  return method(out, [&](Call& call) {
    const ControllerRecord controller = entry(call).record;
    if (port != 0) fail(E_INVALIDARG);
    OutText friendlyName = outText(controller.port.friendlyName);
    OutText identification = outText(controller.port.identification);
    out->id = controller.port.id;
    out->pwszFriendlyName = friendlyName.release();
    out->pwszIdentification = identification.release();
    out->status = static_cast<VDS_PORT_STATUS>(controller.standing.status);
    return S_OK;
  });
}

HRESULT Controller::order(Method which) noexcept {
  return method([&](Call& call) {
    reach(call, which);
    return S_OK;
  });
}

HRESULT Controller::SetStatus(VDS_CONTROLLER_STATUS status) {
  return method([&](Call& call) {
    checkSettable(status, {VDS_CS_NOT_READY, VDS_CS_FAILED, VDS_CS_REMOVED});
    return changeArray(call, Method::IVdsController_SetStatus, WhenFailed::go,
                       [&](Reached& r) { putStatus(r.found.controller->standing, status); });
  });
}

}  // namespace vdsc
