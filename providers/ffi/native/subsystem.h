// The subsystem object: one storage array behind the provider.
#pragma once

#include "device.h"

namespace vdsc {

class SubSystem final : public ComObject<DeviceOf<SubSystemEntry>, IVdsSubSystem, IVdsSubSystemIscsi, IVdsSubSystemImportTarget> {
 public:
  SubSystem(Provider& provider, const GUID& id) : ComObject(provider, id, kNullGuid) {}
  IUnknown* unknown() noexcept override { return static_cast<IVdsSubSystem*>(this); }

  HRESULT STDMETHODCALLTYPE GetProperties(VDS_SUB_SYSTEM_PROP* out) override;
  HRESULT STDMETHODCALLTYPE GetProvider(IVdsProvider** out) override;
  HRESULT STDMETHODCALLTYPE QueryLuns(IEnumVdsObject** out) override { return members<LunEntry>(out, &SubSystemEntry::luns); }
  HRESULT STDMETHODCALLTYPE CreateLun(VDS_LUN_TYPE type, ULONGLONG size, VDS_OBJECT_ID* drives, LONG driveCount, LPWSTR unmaskingList,
                                      VDS_HINTS* hints, IVdsAsync** out) override;
  HRESULT STDMETHODCALLTYPE SetStatus(VDS_SUB_SYSTEM_STATUS status) override {
    return statusNotSettable(status, VDS_SSS_UNKNOWN, {VDS_SSS_ONLINE, VDS_SSS_NOT_READY, VDS_SSS_OFFLINE, VDS_SSS_FAILED, VDS_SSS_PARTIALLY_MANAGED});
  }

  HRESULT STDMETHODCALLTYPE QueryTargets(IEnumVdsObject** out) override { return members<TargetEntry>(out, &SubSystemEntry::targets); }
  HRESULT STDMETHODCALLTYPE CreateTarget(LPWSTR iscsiName, LPWSTR friendlyName, IVdsAsync** out) override;

  HRESULT STDMETHODCALLTYPE GetImportTarget(LPWSTR* out) override;
  HRESULT STDMETHODCALLTYPE SetImportTarget(LPWSTR iscsiName) override;

  // The array shows no controllers, drives or portals.
  HRESULT STDMETHODCALLTYPE QueryControllers(IEnumVdsObject** out) override { return emptyEnumeration(out); }
  HRESULT STDMETHODCALLTYPE QueryDrives(IEnumVdsObject** out) override { return emptyEnumeration(out); }
  HRESULT STDMETHODCALLTYPE QueryPortals(IEnumVdsObject** out) override { return emptyEnumeration(out); }

  HRESULT STDMETHODCALLTYPE GetDrive(SHORT, SHORT, IVdsDrive** out) override { return notSupported(out); }
  HRESULT STDMETHODCALLTYPE Reenumerate() override { return notSupported(); }
  HRESULT STDMETHODCALLTYPE SetControllerStatus(VDS_OBJECT_ID*, LONG, VDS_OBJECT_ID*, LONG) override { return notSupported(); }
  HRESULT STDMETHODCALLTYPE ReplaceDrive(VDS_OBJECT_ID, VDS_OBJECT_ID) override { return notSupported(); }
  HRESULT STDMETHODCALLTYPE QueryMaxLunCreateSize(VDS_LUN_TYPE, VDS_OBJECT_ID*, LONG, VDS_HINTS*, ULONGLONG* out) override { return notSupported(out); }
  HRESULT STDMETHODCALLTYPE SetIpsecGroupPresharedKey(VDS_ISCSI_IPSEC_KEY*) override { return notSupported(); }

 private:
  template <class Member>
  HRESULT members(IEnumVdsObject** out, std::vector<GUID> SubSystemEntry::*list) noexcept;
};

}  // namespace vdsc
