#include "objects/portal_group.h"

#include <algorithm>

#include "com/arguments.h"

namespace vdsc {
namespace {

/** A portal is in one group of a target at most. The documents name no code for a second. */
void checkAddable(const Found& found, const GUID& portal) {
  if (!withId(found.subSystem->portals, portal)) fail(VDS_E_OBJECT_NOT_FOUND);
  for (const PortalGroupRecord& group : found.target->groups)
    if (contains(group.portals, portal)) fail(VDS_E_INVALID_OPERATION);
}

void checkEmpty(const Found& found) {
  if (!found.group->portals.empty()) fail(VDS_E_ASSOCIATED_PORTALS_EXIST);
}

}  // namespace

HRESULT PortalGroup::GetProperties(VDS_ISCSI_PORTALGROUP_PROP* out) {
  return method(out, [&](Call& call) {
    out->id = key.id;
    out->tag = entry(call).tag;
    return S_OK;
  });
}

HRESULT PortalGroup::AddPortal(VDS_OBJECT_ID portal, IVdsAsync** out) {
  return method(out, [&](Call& call) {
    const TargetEntry target = call.cache.need<TargetEntry>(entry(call).parent);
    checkKnown(portal, call.cache.need<SubSystemEntry>(target.parent).portals);
    checkAddable(reach(call, Method::IVdsIscsiPortalGroup_AddPortal).found, portal);
    operate(out, VDS_ASYNCOUT_ADDPORTAL, [this, portal](Call& end) {
      Reached again = reachAgain(end, Method::IVdsIscsiPortalGroup_AddPortal);
      checkAddable(again.found, portal);
      again.found.group->portals.push_back(portal);
      end.commit(again.system, {key.id});
      return Ref<IUnknown>();
    });
    return S_OK;
  });
}

HRESULT PortalGroup::RemovePortal(VDS_OBJECT_ID portal, IVdsAsync** out) {
  return method(out, [&](Call& call) {
    checkKnown(portal, entry(call).portals);
    reach(call, Method::IVdsIscsiPortalGroup_RemovePortal);
    operate(out, VDS_ASYNCOUT_REMOVEPORTAL, [this, portal](Call& end) {
      Reached again = reachAgain(end, Method::IVdsIscsiPortalGroup_RemovePortal);
      Ids& portals = again.found.group->portals;
      checkKnown(portal, portals);
      portals.erase(std::remove(portals.begin(), portals.end(), portal), portals.end());
      end.commit(again.system, {key.id});
      return Ref<IUnknown>();
    });
    return S_OK;
  });
}

HRESULT PortalGroup::Delete(IVdsAsync** out) {
  return method(out, [&](Call& call) {
    checkEmpty(reach(call, Method::IVdsIscsiPortalGroup_Delete, WhenFailed::go).found);
    operate(out, VDS_ASYNCOUT_DELETEPORTALGROUP, [this](Call& end) {
      Reached again = reachAgain(end, Method::IVdsIscsiPortalGroup_Delete);
      checkEmpty(again.found);
      again.system.remove(key.id);
      end.commit(again.system, {key.id});
      return Ref<IUnknown>();
    });
    return S_OK;
  });
}

}  // namespace vdsc
