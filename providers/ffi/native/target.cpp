#include "target.h"

#include <algorithm>

#include "async.h"
#include "provider.h"

namespace vdsc {
namespace {

/** Whether the secret is one (true) or asks to clear (false). Throws E_INVALIDARG for a length that CHAP does not allow. */
bool isSecret(const VDS_ISCSI_SHARED_SECRET* secret) {
  constexpr ULONG kShortest = 12, kLongest = 16;
  if (!secret || (!secret->pSharedSecret && secret->ulSharedSecretSize == 0)) return false;
  if (!secret->pSharedSecret || secret->ulSharedSecretSize < kShortest || secret->ulSharedSecretSize > kLongest) fail(E_INVALIDARG);
  return true;
}

}  // namespace

HRESULT Target::GetProperties(VDS_ISCSI_TARGET_PROP* out) {
  return method(out, [&](Call& call) {
    const TargetRecord target = entry(call).record;
    OutText iscsiName = outText(target.iscsiName);
    OutText friendlyName = outText(target.friendlyName);
    out->id = key.id;
    out->pwszIscsiName = iscsiName.release();
    out->pwszFriendlyName = friendlyName.release();
    out->bChapEnabled = target.chapEnabled;
    return S_OK;
  });
}

HRESULT Target::Delete(IVdsAsync** out) {
  return method(out, [&](Call& call) {
    // Made first: once the target is gone, running out of memory must not turn success into failure.
    Ref<IVdsAsync> finished = Async::finished(provider(), VDS_ASYNCOUT_DELETETARGET);
    System system = provider().array().read();
    std::vector<TargetRecord>& targets = call.reach(system, parent).targets;
    const auto found = std::find_if(targets.begin(), targets.end(), [this](const TargetRecord& target) { return target.id == key.id; });
    if (found == targets.end()) call.gone(key);
    targets.erase(found);
    call.drop(key);
    call.commit(system, VDS_NF_TARGET_DEPART, key);
    provider().registry().markDeleted(key);
    provider().known().erase(key);
    *out = finished.detach();
    return S_OK;
  });
}

HRESULT Target::SetSharedSecret(VDS_ISCSI_SHARED_SECRET* secret, LPWSTR initiatorName) {
  return method([&](Call& call) {
    if (initiatorName) fail(VDS_E_INITIATOR_SPECIFIC_NOT_SUPPORTED);
    const bool enabled = isSecret(secret);
    System system = provider().array().read();
    TargetRecord* target = call.reach(system, parent).target(key.id);
    if (!target) call.gone(key);
    TargetEntry cached = entry(call);
    const bool changed = target->chapEnabled != enabled;
    target->chapEnabled = cached.record.chapEnabled = enabled;
    call.cache.put(key.id, cached);
    call.commit(system, changed ? VDS_NF_TARGET_MODIFY : 0, key);
    return S_OK;
  });
}

HRESULT Target::GetConnectedInitiators(LPWSTR** out, LONG* count) {
  if (out) *out = nullptr;
  if (count) *count = 0;
  return run(out && count, [](Call&) { return S_OK; });
}

}  // namespace vdsc
