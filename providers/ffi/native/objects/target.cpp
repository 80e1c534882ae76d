#include "objects/target.h"

#include <algorithm>

#include "com/arguments.h"
#include "objects/provider.h"

namespace vdsc {
namespace {

constexpr size_t kMostGroups = 2;

void refuseAssociated(const Found& found) {
  for (const LunRecord& lun : found.subSystem->luns)
    if (contains(lun.targets, found.id)) fail(VDS_E_ASSOCIATED_LUNS_EXIST);
}

uint16_t lowestFreeTag(const TargetRecord& target) {
  const auto isTaken = [&target](uint16_t tag) {
    return std::any_of(target.groups.begin(), target.groups.end(),
                       [tag](const PortalGroupRecord& group) { return group.tag == tag; });
  };
  uint16_t tag = 1;
  while (isTaken(tag)) ++tag;
  return tag;
}

}  // namespace

HRESULT Target::GetProperties(VDS_ISCSI_TARGET_PROP* out) {
  return method(out, [&](Call& call) {
    const TargetEntry target = entry(call);
    OutText iscsiName = outText(target.iscsiName);
    OutText friendlyName = outText(target.friendlyName);
    out->id = key.id;
    out->pwszIscsiName = iscsiName.release();
    out->pwszFriendlyName = friendlyName.release();
    out->bChapEnabled = target.chapEnabled;
    return S_OK;
  });
}

HRESULT Target::CreatePortalGroup(IVdsAsync** out) {
  return method(out, [&](Call& call) {
    const Reached reached = reach(call, Method::IVdsIscsiTarget_CreatePortalGroup);
    if (reached.found.target->groups.size() + provider().claims().groupsOf(key.id) >= kMostGroups) {
      operate(out, VDS_ASYNCOUT_CREATEPORTALGROUP, [this](Call& end) {
        const Reached again = reachAgain(end, Method::IVdsIscsiTarget_CreatePortalGroup);
        if (again.found.target->groups.empty()) fail(VDS_E_OBJECT_DELETED);
        return objectOf(again.found.target->groups.front().id);
      });
      return VDS_S_ALREADY_EXISTS;
    }
    auto claim = provider().claims().add({reached.found.subSystem->facts.id, {}, {}, key.id});
    operate(out, VDS_ASYNCOUT_CREATEPORTALGROUP, [this, claim = std::move(claim)](Call& end) mutable {
      Reached again = reachAgain(end, Method::IVdsIscsiTarget_CreatePortalGroup);
      PortalGroupRecord group;
      group.id = newGuid();
      group.tag = lowestFreeTag(*again.found.target);
      const GUID id = group.id;
      Ref<IUnknown> object = provider().object({Kind::portalGroup, id});
      again.found.target->groups.push_back(std::move(group));
      end.commit(again.system, {id});
      claim = nullptr;
      return object;
    });
    return S_OK;
  });
}

HRESULT Target::Delete(IVdsAsync** out) {
  return method(out, [&](Call& call) {
    refuseAssociated(reach(call, Method::IVdsIscsiTarget_Delete, WhenFailed::go).found);
    operate(out, VDS_ASYNCOUT_DELETETARGET, [this](Call& end) {
      Reached again = reachAgain(end, Method::IVdsIscsiTarget_Delete);
      refuseAssociated(again.found);
      again.system.remove(key.id);
      end.commit(again.system, {key.id});
      return Ref<IUnknown>();
    });
    return S_OK;
  });
}

HRESULT Target::SetFriendlyName(LPWSTR name) {
  return method([&](Call& call) {
    const FriendlyName kept = friendlyNameOf(name);
    changeArray(call, Method::IVdsIscsiTarget_SetFriendlyName, WhenFailed::refuse,
                [&](Reached& r) { r.found.target->friendlyName = kept.name; });
    return kept.answer;
  });
}

HRESULT Target::SetSharedSecret(VDS_ISCSI_SHARED_SECRET* secret, LPWSTR initiatorName) {
  return method([&](Call& call) {
    if (initiatorName) fail(VDS_E_INITIATOR_SPECIFIC_NOT_SUPPORTED);
    const bool enabled = isSecret(secret);
    return changeArray(call, Method::IVdsIscsiTarget_SetSharedSecret, WhenFailed::refuse,
                       [&](Reached& r) { r.found.target->chapEnabled = enabled; });
  });
}

/** Nothing that a caller can read depends on an initiator's secret, and nobody ever logs in: it is checked, taken, and
 * not kept. */
HRESULT Target::RememberInitiatorSharedSecret(LPWSTR initiatorName, VDS_ISCSI_SHARED_SECRET* secret) {
  return method([&](Call& call) {
    if (!initiatorName || !*initiatorName) fail(E_INVALIDARG);
    isSecret(secret);
    reach(call, Method::IVdsIscsiTarget_RememberInitiatorSharedSecret);
    return S_OK;
  });
}

HRESULT Target::GetConnectedInitiators(LPWSTR** out, LONG* count) {
  if (out) *out = nullptr;
  if (count) *count = 0;
  return run(out && count, [](Call&) { return S_OK; });
}

}  // namespace vdsc
