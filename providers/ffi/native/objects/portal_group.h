// The portal group object: portals by which a target is reached.
#pragma once

#include "array/device.h"

namespace vdsc {

class PortalGroup final : public ComObject<DeviceOf<PortalGroupEntry>, IVdsIscsiPortalGroup> {
 public:
  PortalGroup(Provider& provider, const GUID& id) : ComObject(provider, id) {}
  IUnknown* unknown() noexcept override { return this; }

  HRESULT STDMETHODCALLTYPE GetProperties(VDS_ISCSI_PORTALGROUP_PROP* out) override;
  HRESULT STDMETHODCALLTYPE GetTarget(IVdsIscsiTarget** out) override { return handOutHolder(out); }
  HRESULT STDMETHODCALLTYPE QueryAssociatedPortals(IEnumVdsObject** out) override {
    return query(out, Kind::portal, &PortalGroupEntry::portals);
  }
  HRESULT STDMETHODCALLTYPE AddPortal(VDS_OBJECT_ID portal, IVdsAsync** out) override;
  HRESULT STDMETHODCALLTYPE RemovePortal(VDS_OBJECT_ID portal, IVdsAsync** out) override;
  HRESULT STDMETHODCALLTYPE Delete(IVdsAsync** out) override;
};

}  // namespace vdsc
