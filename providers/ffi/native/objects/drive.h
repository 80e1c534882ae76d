// The drive object.
#pragma once

#include "profiles/maintenance.h"

namespace vdsc {

class Drive final : public ComObject<Maintained<DriveEntry>, IVdsDrive, IVdsDrive2, IVdsMaintenance> {
 public:
  Drive(Provider& provider, const GUID& id) : ComObject(provider, id) {}
  IUnknown* unknown() noexcept override { return static_cast<IVdsDrive*>(this); }

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

  HRESULT STDMETHODCALLTYPE GetProperties2(VDS_DRIVE_PROP2* out) override;

  HRESULT STDMETHODCALLTYPE StartMaintenance(VDS_MAINTENANCE_OPERATION operation) override { return start(operation); }
  HRESULT STDMETHODCALLTYPE StopMaintenance(VDS_MAINTENANCE_OPERATION operation) override { return stop(operation); }
  HRESULT STDMETHODCALLTYPE PulseMaintenance(VDS_MAINTENANCE_OPERATION operation, ULONG) override {
    return pulse(operation);
  }

 private:
  /** The members that both versions of the structure have. */
  template <class Prop>
  void fill(Prop& prop, const DriveRecord& drive) const;
  HRESULT changeFlags(Method method, ULONG flags, bool set) noexcept;
};

}  // namespace vdsc
