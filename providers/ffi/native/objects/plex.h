// The plex object: one copy of a LUN's data.
#pragma once

#include "array/device.h"

namespace vdsc {

class Plex final : public ComObject<DeviceOf<PlexEntry>, IVdsLunPlex> {
 public:
  Plex(Provider& provider, const GUID& id) : ComObject(provider, id) {}
  IUnknown* unknown() noexcept override { return this; }

  HRESULT STDMETHODCALLTYPE GetProperties(VDS_LUN_PLEX_PROP* out) override;
  HRESULT STDMETHODCALLTYPE GetLun(IVdsLun** out) override { return handOutHolder(out); }
  HRESULT STDMETHODCALLTYPE QueryExtents(VDS_DRIVE_EXTENT** extents, LONG* count) override;
  HRESULT STDMETHODCALLTYPE QueryHints(VDS_HINTS* out) override;
  HRESULT STDMETHODCALLTYPE ApplyHints(VDS_HINTS* hints) override;
};

}  // namespace vdsc
