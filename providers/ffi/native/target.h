// The iSCSI target object.
#pragma once

#include "device.h"

namespace vdsc {

class Target final : public ComObject<DeviceOf<TargetEntry>, IVdsIscsiTarget> {
 public:
  Target(Provider& provider, const GUID& id, const GUID& subSystem) : ComObject(provider, id, subSystem) {}
  IUnknown* unknown() noexcept override { return this; }

  HRESULT STDMETHODCALLTYPE GetProperties(VDS_ISCSI_TARGET_PROP* out) override;
  HRESULT STDMETHODCALLTYPE GetSubSystem(IVdsSubSystem** out) override { return handOutSubSystem(out); }
  HRESULT STDMETHODCALLTYPE Delete(IVdsAsync** out) override;
  HRESULT STDMETHODCALLTYPE SetSharedSecret(VDS_ISCSI_SHARED_SECRET* secret, LPWSTR initiatorName) override;
  HRESULT STDMETHODCALLTYPE GetConnectedInitiators(LPWSTR** out, LONG* count) override;

  // The array shows no portal groups and associates no LUNs.
  HRESULT STDMETHODCALLTYPE QueryPortalGroups(IEnumVdsObject** out) override { return emptyEnumeration(out); }
  HRESULT STDMETHODCALLTYPE QueryAssociatedLuns(IEnumVdsObject** out) override { return emptyEnumeration(out); }

  HRESULT STDMETHODCALLTYPE CreatePortalGroup(IVdsAsync** out) override { return notSupported(out); }
  HRESULT STDMETHODCALLTYPE SetFriendlyName(LPWSTR) override { return notSupported(); }
  HRESULT STDMETHODCALLTYPE RememberInitiatorSharedSecret(LPWSTR, VDS_ISCSI_SHARED_SECRET*) override { return notSupported(); }
};

}  // namespace vdsc
