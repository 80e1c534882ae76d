// The controller object, with its ports.
#pragma once

#include "profiles/maintenance.h"
#include "profiles/port.h"

namespace vdsc {

class Controller final
    : public ComObject<Maintained<ControllerEntry>, IVdsController, IVdsControllerControllerPort, IVdsMaintenance> {
 public:
  Controller(Provider& provider, const GUID& id) : ComObject(provider, id) {}
  IUnknown* unknown() noexcept override { return static_cast<IVdsController*>(this); }

  HRESULT STDMETHODCALLTYPE GetProperties(VDS_CONTROLLER_PROP* out) override;
  HRESULT STDMETHODCALLTYPE GetSubSystem(IVdsSubSystem** out) override { return handOutHolder(out); }
  HRESULT STDMETHODCALLTYPE GetPortProperties(SHORT port, VDS_PORT_PROP* out) override;
  HRESULT STDMETHODCALLTYPE FlushCache() override { return order(Method::IVdsController_FlushCache); }
  HRESULT STDMETHODCALLTYPE InvalidateCache() override { return order(Method::IVdsController_InvalidateCache); }
  HRESULT STDMETHODCALLTYPE Reset() override { return order(Method::IVdsController_Reset); }
  HRESULT STDMETHODCALLTYPE QueryAssociatedLuns(IEnumVdsObject** out) override {
    return query(out, Kind::lun, &ControllerEntry::luns);
  }
  HRESULT STDMETHODCALLTYPE SetStatus(VDS_CONTROLLER_STATUS status) override;

  HRESULT STDMETHODCALLTYPE QueryControllerPorts(IEnumVdsObject** out) override {
    return query(out, Kind::port, &ControllerEntry::ports);
  }

  HRESULT STDMETHODCALLTYPE StartMaintenance(VDS_MAINTENANCE_OPERATION operation) override { return start(operation); }
  HRESULT STDMETHODCALLTYPE StopMaintenance(VDS_MAINTENANCE_OPERATION operation) override { return stop(operation); }
  HRESULT STDMETHODCALLTYPE PulseMaintenance(VDS_MAINTENANCE_OPERATION operation, ULONG) override {
    return pulse(operation);
  }

 private:
  /** The array writes through and remembers nothing of calls, so being asked is all there is to it. */
  HRESULT order(Method method) noexcept;
};

}  // namespace vdsc
