// The controller object, with its one port.
#pragma once

#include "array/device.h"

namespace vdsc {

class Controller final : public ComObject<DeviceOf<ControllerEntry>, IVdsController> {
 public:
  Controller(Provider& provider, const GUID& id) : ComObject(provider, id) {}
  IUnknown* unknown() noexcept override { return this; }

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

 private:
  /** The array writes through and remembers nothing of calls, so being asked is all there is to it. */
  HRESULT order(Method method) noexcept;
};

}  // namespace vdsc
