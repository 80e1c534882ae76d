#include "objects/controller.h"

#include "com/arguments.h"

namespace vdsc {

HRESULT Controller::GetProperties(VDS_CONTROLLER_PROP* out) {
  return method(out, [&](Call& call) {
    const ControllerEntry known = entry(call);
    const ControllerRecord& controller = known.record;
    OutText friendlyName = outText(controller.friendlyName);
    OutText identification = outText(controller.identification);
    out->id = key.id;
    out->pwszFriendlyName = friendlyName.release();
    out->pwszIdentification = identification.release();
    out->status = static_cast<VDS_CONTROLLER_STATUS>(controller.standing.status);
    out->health = static_cast<VDS_HEALTH>(controller.standing.health);
    out->sNumberOfPorts = static_cast<SHORT>(controller.ports.size() + known.ports.size());
    return S_OK;
  });
}

/** The status of a port that is part of the controller is the controller's. */
HRESULT Controller::GetPortProperties(SHORT port, VDS_PORT_PROP* out) {
  return method(out, [&](Call& call) {
    const ControllerEntry known = entry(call);
    const std::vector<PortRecord>& builtIn = known.record.ports;
    const auto number = static_cast<size_t>(port);
    if (port < 0 || number >= builtIn.size() + known.ports.size()) fail(E_INVALIDARG);
    const bool isBuiltIn = number < builtIn.size();
    PortRecord asked = isBuiltIn ? builtIn[number] : call.cache.verified<PortEntry>(known.ports[number]).record;
    if (isBuiltIn) asked.status = known.record.standing.status;
    putPortProp(*out, asked);
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
