#include "objects/plex.h"

#include "com/arguments.h"

namespace vdsc {

HRESULT Plex::GetProperties(VDS_LUN_PLEX_PROP* out) {
  return method(out, [&](Call& call) {
    const PlexEntry plex = entry(call);
    out->id = key.id;
    out->ullSize = plex.size;
    out->type = static_cast<VDS_LUN_PLEX_TYPE>(plex.type);
    out->status = static_cast<VDS_LUN_PLEX_STATUS>(plex.standing.status);
    out->health = static_cast<VDS_HEALTH>(plex.standing.health);
    out->TransitionState = VDS_TS_STABLE;
    out->ulStripeSize = plex.stripeSize;
    out->sRebuildPriority = plex.hints.value.sRebuildPriority;
    return S_OK;
  });
}

HRESULT Plex::QueryExtents(VDS_DRIVE_EXTENT** extents, LONG* count) {
  if (extents) *extents = nullptr;
  if (count) *count = 0;
  return run(extents && count, [&](Call& call) {
    const PlexEntry plex = entry(call);
    std::vector<VDS_DRIVE_EXTENT> all;
    for (const PlexEntry::OnDrive& extent : plex.extents) all.push_back({extent.drive, plex.parent, extent.size, 1});
    *extents = outArray(all).release();
    *count = static_cast<LONG>(all.size());
    return S_OK;
  });
}

HRESULT Plex::QueryHints(VDS_HINTS* out) {
  return method(out, [&](Call& call) {
    *out = entry(call).hints.value;
    return S_OK;
  });
}

HRESULT Plex::ApplyHints(VDS_HINTS* hints) {
  return method([&](Call& call) {
    if (!hints) fail(E_INVALIDARG);
    return changeArray(call, Method::IVdsLunPlex_ApplyHints, WhenFailed::refuse,
                       [&](Reached& r) { r.found.plex->hints = withHints(r.found.plex->hints, *hints); });
  });
}

}  // namespace vdsc
