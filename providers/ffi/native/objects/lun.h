// The LUN object.
#pragma once

#include "array/device.h"

namespace vdsc {

class Lun final : public ComObject<DeviceOf<LunEntry>, IVdsLun, IVdsLunNaming, IVdsLunIscsi, IVdsLunControllerPorts,
                                   IVdsLunMpio, IVdsLun2, IVdsLunNumber> {
 public:
  Lun(Provider& provider, const GUID& id) : ComObject(provider, id) {}
  IUnknown* unknown() noexcept override { return static_cast<IVdsLun*>(this); }

  HRESULT STDMETHODCALLTYPE GetProperties(VDS_LUN_PROP* out) override;
  HRESULT STDMETHODCALLTYPE GetSubSystem(IVdsSubSystem** out) override { return handOutHolder(out); }
  HRESULT STDMETHODCALLTYPE GetIdentificationData(VDS_LUN_INFORMATION* out) override;
  HRESULT STDMETHODCALLTYPE QueryActiveControllers(IEnumVdsObject** out) override {
    return query(out, Kind::controller, &LunEntry::controllers);
  }
  HRESULT STDMETHODCALLTYPE Extend(ULONGLONG bytes, VDS_OBJECT_ID* drives, LONG driveCount, IVdsAsync** out) override;
  HRESULT STDMETHODCALLTYPE Shrink(ULONGLONG bytes, IVdsAsync** out) override;
  HRESULT STDMETHODCALLTYPE QueryPlexes(IEnumVdsObject** out) override {
    return query(out, Kind::plex, &LunEntry::plexes);
  }
  HRESULT STDMETHODCALLTYPE AddPlex(VDS_OBJECT_ID lun, IVdsAsync** out) override;
  HRESULT STDMETHODCALLTYPE RemovePlex(VDS_OBJECT_ID plex, IVdsAsync** out) override;
  HRESULT STDMETHODCALLTYPE Recover(IVdsAsync** out) override;
  HRESULT STDMETHODCALLTYPE SetMask(LPWSTR unmaskingList) override;
  HRESULT STDMETHODCALLTYPE Delete() override;
  HRESULT STDMETHODCALLTYPE AssociateControllers(VDS_OBJECT_ID* active, LONG activeCount, VDS_OBJECT_ID* inactive,
                                                 LONG inactiveCount) override;
  HRESULT STDMETHODCALLTYPE QueryHints(VDS_HINTS* out) override;
  HRESULT STDMETHODCALLTYPE ApplyHints(VDS_HINTS* hints) override;
  HRESULT STDMETHODCALLTYPE SetStatus(VDS_LUN_STATUS status) override;
  HRESULT STDMETHODCALLTYPE QueryMaxLunExtendSize(VDS_OBJECT_ID* drives, LONG driveCount, ULONGLONG* out) override;

  HRESULT STDMETHODCALLTYPE SetFriendlyName(LPWSTR name) override;

  HRESULT STDMETHODCALLTYPE AssociateTargets(VDS_OBJECT_ID* targets, LONG targetCount) override;
  HRESULT STDMETHODCALLTYPE QueryAssociatedTargets(IEnumVdsObject** out) override {
    return query(out, Kind::target, &LunEntry::targets);
  }

  HRESULT STDMETHODCALLTYPE AssociateControllerPorts(VDS_OBJECT_ID* active, LONG activeCount, VDS_OBJECT_ID* inactive,
                                                     LONG inactiveCount) override;
  HRESULT STDMETHODCALLTYPE QueryActiveControllerPorts(IEnumVdsObject** out) override {
    return query(out, Kind::port, &LunEntry::ports);
  }

  HRESULT STDMETHODCALLTYPE GetPathInfo(VDS_PATH_INFO** out, LONG* count) override;
  HRESULT STDMETHODCALLTYPE GetLoadBalancePolicy(VDS_LOADBALANCE_POLICY_ENUM* policy, VDS_PATH_POLICY** out,
                                                 LONG* count) override;
  HRESULT STDMETHODCALLTYPE SetLoadBalancePolicy(VDS_LOADBALANCE_POLICY_ENUM policy, VDS_PATH_POLICY* given,
                                                 LONG count) override;
  HRESULT STDMETHODCALLTYPE GetSupportedLbPolicies(ULONG* out) override;

  HRESULT STDMETHODCALLTYPE QueryHints2(VDS_HINTS2* out) override;
  HRESULT STDMETHODCALLTYPE ApplyHints2(VDS_HINTS2* hints) override;

  HRESULT STDMETHODCALLTYPE GetLunNumber(ULONG* out) override;

 private:
  SubSystemEntry ofSubSystem(const Call& call) const { return call.cache.need<SubSystemEntry>(entry(call).parent); }
  /** The drives of a list, by the cache. */
  std::optional<Ids> driveList(const Call& call, const VDS_OBJECT_ID* drives, LONG count) const;
  Extents promised(const Reached& reached) const;
  /** Makes these controllers the active ones. */
  void activateOn(const Found& found, const Ids& controllers);
  HRESULT applyHints(Method method, const VDS_HINTS* hints) noexcept;
  /** Throws VDS_E_NOT_SUPPORTED for a LUN with parity, which stays as large as it was made. */
  void checkResizable(const Call& call) const;
};

}  // namespace vdsc
