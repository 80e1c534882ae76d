// IVdsConformanceControl: faults on request, each with its proof, and the truth. See docs/control-interface.md.
#include "injection/injection.h"
#include "objects/provider.h"
#include "array/truth.h"

namespace vdsc {
namespace {

std::string proofOf(VDSC_FAULT_KIND kind, const GUID& object, const Alteration& change) {
  if (change.before == change.after) fail(VDS_E_NOT_SUPPORTED);
  return std::string("{\"kind\":\"") + faultKindName(kind) + "\",\"object\":\"" + guidText(object) + "\",\"where\":\"" +
         change.where + "\",\"before\":\"" + change.before + "\",\"after\":\"" + change.after + '"' +
         (change.newObject ? ",\"newObject\":\"" + guidText(*change.newObject) + '"' : "") + '}';
}

/** A string for the test tool, which is to have it also while the provider's callers get no memory. */
OutText controlText(const std::string& text) {
  OutText copy(static_cast<WCHAR*>(CoTaskMemAlloc((text.size() + 1) * sizeof(WCHAR))));
  if (!copy) throw std::bad_alloc();
  std::copy(text.begin(), text.end(), copy.get());
  copy.get()[text.size()] = 0;
  return copy;
}

/** Whether a fault can be about the object: the array or the cache has it. Exhausted memory is about none. */
bool isKnown(Provider& provider, const Call& call, VDSC_FAULT_KIND kind, const GUID& id) {
  if (kind == VDSC_FK_EXHAUST_MEMORY && id == kNullGuid) return true;
  for (const CacheRecord& record : call.cache.records())
    if (record.key.kind != Kind::directory && record.key.id == id) return true;
  return provider.known().count(id) != 0 || provider.array().read().findAny(id).has_value();
}

}  // namespace

HRESULT Provider::QueryFaults(ULONG* out) {
  if (!out) return E_INVALIDARG;
  *out = kAllFaultKinds;
  return S_OK;
}

HRESULT Provider::Inject(VDSC_FAULT_KIND kind, VDS_OBJECT_ID id, BOOL notify, ULONG* faultId, LPWSTR* proof) {
  if (faultId) *faultId = 0;
  if (proof) *proof = nullptr;
  if (!faultId || !proof) return E_INVALIDARG;
  ArrayEvents events;
  const HRESULT result = carryOut(*this, Call::Needs::nothing, [&](Call& call) {
    if (!faultKindName(kind)) fail(E_INVALIDARG);
    if (!isKnown(*this, call, kind, id)) fail(VDS_E_OBJECT_NOT_FOUND);
    Injection injection(*this, call, kind, id, notify != 0);
    const Alteration change = injection.make();
    OutText text = controlText(proofOf(kind, id, change));
    state_->faults.push_back(std::move(injection.heal));
    events = std::move(injection.events);
    *faultId = static_cast<ULONG>(state_->faults.size());
    *proof = text.release();
    return S_OK;
  });
  deliver(events);
  return result;
}

HRESULT Provider::Heal(ULONG faultId) {
  ArrayEvents events;
  const HRESULT result = carryOut(*this, Call::Needs::nothing, [&](Call&) {
    if (faultId == 0 || faultId > state_->faults.size()) fail(VDS_E_OBJECT_NOT_FOUND);
    // Each is healed once: a second time must not undo a later fault.
    vdsc::Heal& heal = state_->faults[faultId - 1];
    if (heal) events = heal();
    heal = nullptr;
    return S_OK;
  });
  deliver(events);
  return result;
}

HRESULT Provider::ReadTruth(LPWSTR* out) {
  if (!out) return E_INVALIDARG;
  *out = nullptr;
  return carryOut(*this, Call::Needs::nothing, [&](Call&) {
    *out = controlText(truthOf(array().read())).release();
    return S_OK;
  });
}

}  // namespace vdsc
