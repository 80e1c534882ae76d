// The subsystem object: one storage array behind the provider.
#pragma once

#include "profiles/maintenance.h"

namespace vdsc {

/** A request for a new LUN. */
struct LunRequest {
  VDS_LUN_TYPE type;
  ULONGLONG size;
  VDS_OBJECT_ID* drives;
  LONG driveCount;
  LPWSTR unmaskingList;
  std::optional<VDS_HINTS> hints;
};

class SubSystem final
    : public ComObject<Maintained<SubSystemEntry>, IVdsSubSystem, IVdsSubSystem2, IVdsSubSystemNaming,
                       IVdsSubSystemIscsi, IVdsSubSystemInterconnect, IVdsSubSystemImportTarget, IVdsMaintenance> {
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

  HRESULT STDMETHODCALLTYPE StartMaintenance(VDS_MAINTENANCE_OPERATION operation) override { return start(operation); }
  HRESULT STDMETHODCALLTYPE StopMaintenance(VDS_MAINTENANCE_OPERATION operation) override { return stop(operation); }
  HRESULT STDMETHODCALLTYPE PulseMaintenance(VDS_MAINTENANCE_OPERATION operation, ULONG) override {
    return pulse(operation);
  }

  // For a storage pool of this subsystem, whose drives are `within`.

  /** Starts the creation of a LUN there. */
  void createIn(Call& call, Method method, const Ids& within, const LunRequest& request, IVdsAsync** out);
  /** The largest LUN that can be made there. */
  ULONGLONG largestIn(Call& call, Method method, const Ids& within, VDS_LUN_TYPE type);

 private:
  /** The members that both versions of the structure have. */
  template <class Prop>
  void fill(Prop& prop, const SubSystemFacts& facts) const;
  /** The VSS provider of an array with simple target configuration imports nothing. */
  bool hasImportTarget() const noexcept { return !profile().has(Feature::pools); }
  HRESULT driveIn(SHORT bus, SHORT slot, ULONG enclosure, IVdsDrive** out) noexcept;
  /** `within` are the drives to use where the request leaves them open; NULL for any. */
  void createLun(Call& call, Method method, const LunRequest& request, const Ids* within, IVdsAsync** out);
  HRESULT maxLunSize(Method method, VDS_LUN_TYPE type, VDS_OBJECT_ID* drives, LONG driveCount, ULONGLONG* out) noexcept;
};

}  // namespace vdsc
