// The subsystem object: one storage array behind the provider.
#pragma once

#include "array/device.h"

namespace vdsc {

class SubSystem final : public ComObject<DeviceOf<SubSystemEntry>, IVdsSubSystem, IVdsSubSystem2, IVdsSubSystemNaming,
                                         IVdsSubSystemIscsi, IVdsSubSystemInterconnect, IVdsSubSystemImportTarget> {
 public:
  SubSystem(Provider& provider, const GUID& id) : ComObject(provider, id) {}
  IUnknown* unknown() noexcept override { return static_cast<IVdsSubSystem*>(this); }

  HRESULT STDMETHODCALLTYPE GetProperties(VDS_SUB_SYSTEM_PROP* out) override;
  HRESULT STDMETHODCALLTYPE GetProvider(IVdsProvider** out) override;
  HRESULT STDMETHODCALLTYPE QueryControllers(IEnumVdsObject** out) override {
    return query(out, Kind::controller, &SubSystemEntry::controllers);
  }
  HRESULT STDMETHODCALLTYPE QueryLuns(IEnumVdsObject** out) override {
    return query(out, Kind::lun, &SubSystemEntry::luns);
  }
  HRESULT STDMETHODCALLTYPE QueryDrives(IEnumVdsObject** out) override {
    return query(out, Kind::drive, &SubSystemEntry::drives);
  }
  HRESULT STDMETHODCALLTYPE GetDrive(SHORT bus, SHORT slot, IVdsDrive** out) override {
    return driveIn(bus, slot, 0, out);
  }
  HRESULT STDMETHODCALLTYPE Reenumerate() override;
  HRESULT STDMETHODCALLTYPE SetControllerStatus(VDS_OBJECT_ID* online, LONG onlineCount, VDS_OBJECT_ID* offline,
                                                LONG offlineCount) override;
  HRESULT STDMETHODCALLTYPE CreateLun(VDS_LUN_TYPE type, ULONGLONG size, VDS_OBJECT_ID* drives, LONG driveCount,
                                      LPWSTR unmaskingList, VDS_HINTS* hints, IVdsAsync** out) override;
  HRESULT STDMETHODCALLTYPE ReplaceDrive(VDS_OBJECT_ID replaced, VDS_OBJECT_ID replacement) override;
  HRESULT STDMETHODCALLTYPE SetStatus(VDS_SUB_SYSTEM_STATUS status) override;
  HRESULT STDMETHODCALLTYPE QueryMaxLunCreateSize(VDS_LUN_TYPE type, VDS_OBJECT_ID* drives, LONG driveCount,
                                                  VDS_HINTS* hints, ULONGLONG* out) override;

  HRESULT STDMETHODCALLTYPE GetProperties2(VDS_SUB_SYSTEM_PROP2* out) override;
  HRESULT STDMETHODCALLTYPE GetDrive2(SHORT bus, SHORT slot, ULONG enclosure, IVdsDrive** out) override {
    return driveIn(bus, slot, enclosure, out);
  }
  HRESULT STDMETHODCALLTYPE CreateLun2(VDS_LUN_TYPE type, ULONGLONG size, VDS_OBJECT_ID* drives, LONG driveCount,
                                       LPWSTR unmaskingList, VDS_HINTS2* hints, IVdsAsync** out) override;
  HRESULT STDMETHODCALLTYPE QueryMaxLunCreateSize2(VDS_LUN_TYPE type, VDS_OBJECT_ID* drives, LONG driveCount,
                                                   VDS_HINTS2* hints, ULONGLONG* out) override;

  HRESULT STDMETHODCALLTYPE SetFriendlyName(LPWSTR name) override;

  HRESULT STDMETHODCALLTYPE QueryTargets(IEnumVdsObject** out) override {
    return query(out, Kind::target, &SubSystemEntry::targets);
  }
  HRESULT STDMETHODCALLTYPE QueryPortals(IEnumVdsObject** out) override {
    return query(out, Kind::portal, &SubSystemEntry::portals);
  }
  HRESULT STDMETHODCALLTYPE CreateTarget(LPWSTR iscsiName, LPWSTR friendlyName, IVdsAsync** out) override;
  HRESULT STDMETHODCALLTYPE SetIpsecGroupPresharedKey(VDS_ISCSI_IPSEC_KEY*) override { return notSupported(); }

  HRESULT STDMETHODCALLTYPE GetSupportedInterconnects(ULONG* out) override;

  HRESULT STDMETHODCALLTYPE GetImportTarget(LPWSTR* out) override;
  HRESULT STDMETHODCALLTYPE SetImportTarget(LPWSTR iscsiName) override;

 private:
  /** The members that both versions of the structure have. */
  template <class Prop>
  void fill(Prop& prop, const SubSystemFacts& facts) const;
  HRESULT driveIn(SHORT bus, SHORT slot, ULONG enclosure, IVdsDrive** out) noexcept;
  HRESULT createLun(Method method, VDS_LUN_TYPE type, ULONGLONG size, VDS_OBJECT_ID* drives, LONG driveCount,
                    LPWSTR unmaskingList, const VDS_HINTS* hints, IVdsAsync** out) noexcept;
  HRESULT maxLunSize(Method method, VDS_LUN_TYPE type, VDS_OBJECT_ID* drives, LONG driveCount, ULONGLONG* out) noexcept;
};

}  // namespace vdsc
