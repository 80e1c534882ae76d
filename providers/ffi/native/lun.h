// The LUN object.
#pragma once

#include "device.h"

namespace vdsc {

class Lun final : public ComObject<DeviceOf<LunEntry>, IVdsLun> {
 public:
  Lun(Provider& provider, const GUID& id, const GUID& subSystem) : ComObject(provider, id, subSystem) {}
  IUnknown* unknown() noexcept override { return this; }

  HRESULT STDMETHODCALLTYPE GetProperties(VDS_LUN_PROP* out) override;
  HRESULT STDMETHODCALLTYPE GetSubSystem(IVdsSubSystem** out) override { return handOutSubSystem(out); }
  HRESULT STDMETHODCALLTYPE GetIdentificationData(VDS_LUN_INFORMATION* out) override;
  HRESULT STDMETHODCALLTYPE Extend(ULONGLONG bytes, VDS_OBJECT_ID* drives, LONG driveCount, IVdsAsync** out) override;
  HRESULT STDMETHODCALLTYPE Delete() override;
  HRESULT STDMETHODCALLTYPE RemovePlex(VDS_OBJECT_ID plex, IVdsAsync** out) override;
  HRESULT STDMETHODCALLTYPE SetStatus(VDS_LUN_STATUS status) override {
    return statusNotSettable(status, VDS_LS_UNKNOWN, {VDS_LS_ONLINE, VDS_LS_NOT_READY, VDS_LS_OFFLINE, VDS_LS_FAILED});
  }

  // The array shows neither controllers nor plexes.
  HRESULT STDMETHODCALLTYPE QueryActiveControllers(IEnumVdsObject** out) override { return emptyEnumeration(out); }
  HRESULT STDMETHODCALLTYPE QueryPlexes(IEnumVdsObject** out) override { return emptyEnumeration(out); }

  HRESULT STDMETHODCALLTYPE Shrink(ULONGLONG, IVdsAsync** out) override { return notSupported(out); }
  HRESULT STDMETHODCALLTYPE AddPlex(VDS_OBJECT_ID, IVdsAsync** out) override { return notSupported(out); }
  HRESULT STDMETHODCALLTYPE Recover(IVdsAsync** out) override { return notSupported(out); }
  HRESULT STDMETHODCALLTYPE SetMask(LPWSTR) override { return notSupported(); }
  HRESULT STDMETHODCALLTYPE AssociateControllers(VDS_OBJECT_ID*, LONG, VDS_OBJECT_ID*, LONG) override { return notSupported(); }
  HRESULT STDMETHODCALLTYPE QueryHints(VDS_HINTS* out) override { return notSupported(out); }
  HRESULT STDMETHODCALLTYPE ApplyHints(VDS_HINTS*) override { return notSupported(); }
  HRESULT STDMETHODCALLTYPE QueryMaxLunExtendSize(VDS_OBJECT_ID*, LONG, ULONGLONG* out) override { return notSupported(out); }
};

}  // namespace vdsc
