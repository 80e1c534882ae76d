// IVdsHwProvider::Reenumerate and Refresh: what a caller does about VDS_E_PROVIDER_CACHE_CORRUPT. Reenumerate finds out
// which subsystems are attached; Refresh reads all that the provider caches about those anew from the array.
#include <random>

#include "com/defects.h"
#include "objects/provider.h"

namespace vdsc {

HRESULT Provider::Reenumerate() {
  return carryOut(*this, Call::Needs::load, [this](Call& call) {
    if constexpr (kDefect == Defect::hang_in_reenumerate)
      for (volatile bool scanning = true; scanning;) {
      }
    System system = array().read();
    call.ask(Method::IVdsHwProvider_Reenumerate, call.scopeOfSubSystems(system));
    Learning learning(system, call.cache, known_);
    learning.reenumerate();
    call.adopt(std::move(learning), nullptr);
    reenumerated_ = true;
    return S_OK;
  });
}

HRESULT Provider::Refresh() {
  return carryOut(*this, Call::Needs::load, [this](Call& call) {
    // Refresh alone trusts the list of attached subsystems, and a damaged cache may hold a damaged list: Reenumerate
    // has to come first.
    if (!reenumerated_ && !call.cache.verifies(known_)) fail(VDS_E_PROVIDER_CACHE_CORRUPT);
    if constexpr (kDefect == Defect::crash_in_refresh) {
      const volatile CacheRecord* record = call.cache.find({Kind::subSystem, kNullGuid});
      if (record->offset > 0) fail(VDS_E_PROVIDER_CACHE_CORRUPT);
    }
    System system = array().read();
    call.ask(Method::IVdsHwProvider_Refresh, call.scopeOfAll(system));
    Learning learning(system, call.cache, known_);
    learning.refresh();
    call.adopt(std::move(learning), nullptr);
    if constexpr (kDefect == Defect::new_guids)
      if (reenumerated_) {
        idMask_ = std::random_device()();
        for (const Key& key : registry_.alive())
          if (key.kind == Kind::lun) registry_.markDeleted(key.id);
      }
    reenumerated_ = false;
    return S_OK;
  });
}

}  // namespace vdsc
