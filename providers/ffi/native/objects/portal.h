// The iSCSI portal object. IPsec is not supported.
#pragma once

#include "array/device.h"

namespace vdsc {

class Portal final : public ComObject<DeviceOf<PortalEntry>, IVdsIscsiPortal> {
 public:
  Portal(Provider& provider, const GUID& id) : ComObject(provider, id) {}
  IUnknown* unknown() noexcept override { return this; }

  HRESULT STDMETHODCALLTYPE GetProperties(VDS_ISCSI_PORTAL_PROP* out) override;
  HRESULT STDMETHODCALLTYPE GetSubSystem(IVdsSubSystem** out) override { return handOutHolder(out); }
  HRESULT STDMETHODCALLTYPE QueryAssociatedPortalGroups(IEnumVdsObject** out) override {
    return query(out, Kind::portalGroup, &PortalEntry::groups);
  }
  HRESULT STDMETHODCALLTYPE SetStatus(VDS_ISCSI_PORTAL_STATUS status) override;
  HRESULT STDMETHODCALLTYPE SetIpsecTunnelAddress(VDS_IPADDRESS*, VDS_IPADDRESS*) override { return notSupported(); }
  HRESULT STDMETHODCALLTYPE GetIpsecSecurity(VDS_IPADDRESS*, ULONGLONG* out) override { return notSupported(out); }
  HRESULT STDMETHODCALLTYPE SetIpsecSecurity(VDS_IPADDRESS*, ULONGLONG, VDS_ISCSI_IPSEC_KEY*) override {
    return notSupported();
  }
};

}  // namespace vdsc
