// The drive object.
#pragma once

#include "array/device.h"

namespace vdsc {

class Drive final : public ComObject<DeviceOf<DriveEntry>, IVdsDrive> {
 public:
  Drive(Provider& provider, const GUID& id) : ComObject(provider, id) {}
  IUnknown* unknown() noexcept override { return this; }

  HRESULT STDMETHODCALLTYPE GetProperties(VDS_DRIVE_PROP* out) override;
  HRESULT STDMETHODCALLTYPE GetSubSystem(IVdsSubSystem** out) override { return handOutHolder(out); }
  HRESULT STDMETHODCALLTYPE QueryExtents(VDS_DRIVE_EXTENT** extents, LONG* count) override;
  HRESULT STDMETHODCALLTYPE SetFlags(ULONG flags) override {
    return changeFlags(Method::IVdsDrive_SetFlags, flags, true);
  }
  HRESULT STDMETHODCALLTYPE ClearFlags(ULONG flags) override {
    return changeFlags(Method::IVdsDrive_ClearFlags, flags, false);
  }
  HRESULT STDMETHODCALLTYPE SetStatus(VDS_DRIVE_STATUS status) override;

 private:
  HRESULT changeFlags(Method method, ULONG flags, bool set) noexcept;
};

}  // namespace vdsc
