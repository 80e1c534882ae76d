// A port of a controller that is a device of its own, as those of a Fibre Channel array are.
#pragma once

#include "array/device.h"

namespace vdsc {

/** Fills the structure, whose strings are the caller's. */
void putPortProp(VDS_PORT_PROP& prop, const PortRecord& port);

class Port final : public ComObject<DeviceOf<PortEntry>, IVdsControllerPort> {
 public:
  Port(Provider& provider, const GUID& id) : ComObject(provider, id) {}
  IUnknown* unknown() noexcept override { return this; }

  HRESULT STDMETHODCALLTYPE GetProperties(VDS_PORT_PROP* out) override;
  HRESULT STDMETHODCALLTYPE GetController(IVdsController** out) override { return handOutHolder(out); }
  HRESULT STDMETHODCALLTYPE QueryAssociatedLuns(IEnumVdsObject** out) override {
    return query(out, Kind::lun, &PortEntry::luns);
  }
  HRESULT STDMETHODCALLTYPE Reset() override;
  HRESULT STDMETHODCALLTYPE SetStatus(VDS_PORT_STATUS status) override;
};

}  // namespace vdsc
