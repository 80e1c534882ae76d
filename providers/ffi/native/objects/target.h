// The iSCSI target object.
#pragma once

#include "array/device.h"

namespace vdsc {

class Target final : public ComObject<DeviceOf<TargetEntry>, IVdsIscsiTarget> {
 public:
  Target(Provider& provider, const GUID& id) : ComObject(provider, id) {}
  IUnknown* unknown() noexcept override { return this; }

  HRESULT STDMETHODCALLTYPE GetProperties(VDS_ISCSI_TARGET_PROP* out) override;
  HRESULT STDMETHODCALLTYPE GetSubSystem(IVdsSubSystem** out) override { return handOutHolder(out); }
  HRESULT STDMETHODCALLTYPE QueryPortalGroups(IEnumVdsObject** out) override {
    return query(out, Kind::portalGroup, &TargetEntry::groups);
  }
  HRESULT STDMETHODCALLTYPE QueryAssociatedLuns(IEnumVdsObject** out) override {
    return query(out, Kind::lun, &TargetEntry::luns);
  }
  HRESULT STDMETHODCALLTYPE CreatePortalGroup(IVdsAsync** out) override;
  HRESULT STDMETHODCALLTYPE Delete(IVdsAsync** out) override;
  HRESULT STDMETHODCALLTYPE SetFriendlyName(LPWSTR name) override;
  HRESULT STDMETHODCALLTYPE SetSharedSecret(VDS_ISCSI_SHARED_SECRET* secret, LPWSTR initiatorName) override;
  HRESULT STDMETHODCALLTYPE RememberInitiatorSharedSecret(LPWSTR initiatorName,
                                                          VDS_ISCSI_SHARED_SECRET* secret) override;
  HRESULT STDMETHODCALLTYPE GetConnectedInitiators(LPWSTR** out, LONG* count) override;
};

}  // namespace vdsc
