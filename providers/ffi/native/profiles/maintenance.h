// IVdsMaintenance: what an administrator does to find a device or to check it. An operation runs at the array until it
// is stopped or pulsed; how often it pulses shows nowhere, so that it ends at once.
#pragma once

#include <algorithm>

#include "array/device.h"
#include "objects/provider.h"

namespace vdsc {

/** Whether a device of the kind can do an operation: those with lights and alarms these, drives all of them. */
constexpr bool canMaintain(Kind kind, VDS_MAINTENANCE_OPERATION operation) noexcept {
  return kind == Kind::drive || operation == BlinkLight || operation == BeepAlarm;
}

/** The methods of IVdsMaintenance for a device whose cache entry is an Entry. */
template <class Entry>
class Maintained : public DeviceOf<Entry> {
 protected:
  using DeviceOf<Entry>::DeviceOf;

  HRESULT start(VDS_MAINTENANCE_OPERATION operation) noexcept {
    return maintain(Method::IVdsMaintenance_StartMaintenance, operation, [&](System& system) {
      stopIn(system, operation);
      system.maintenance.push_back({this->key.id, operation});
      return S_OK;
    });
  }
  HRESULT stop(VDS_MAINTENANCE_OPERATION operation) noexcept {
    return maintain(Method::IVdsMaintenance_StopMaintenance, operation,
                    [&](System& system) { return stopIn(system, operation) ? S_OK : S_FALSE; });
  }
  HRESULT pulse(VDS_MAINTENANCE_OPERATION operation) noexcept {
    return maintain(Method::IVdsMaintenance_PulseMaintenance, operation, [&](System& system) {
      if (operation == SpinDown || operation == SpinUp) fail(E_INVALIDARG);
      return stopIn(system, operation) ? S_OK : S_FALSE;
    });
  }

 private:
  template <class Change>
  HRESULT maintain(Method method, VDS_MAINTENANCE_OPERATION operation, Change&& change) noexcept {
    return this->method([&](Call& call) {
      auto reached = this->reach(call, method);
      if (operation < BlinkLight || operation > Ping) fail(E_INVALIDARG);
      if (!canMaintain(Entry::kind, operation)) fail(VDS_E_NOT_SUPPORTED);
      const HRESULT result = change(reached.system);
      this->provider().array().write(reached.system);  // The cache says nothing of it.
      return result;
    });
  }
  /** Whether it ran. */
  bool stopIn(System& system, VDS_MAINTENANCE_OPERATION operation) const {
    auto& running = system.maintenance;
    const auto ended = std::remove_if(running.begin(), running.end(), [&](const RunningMaintenance& each) {
      return each.device == this->key.id && each.operation == operation;
    });
    const bool ran = ended != running.end();
    running.erase(ended, running.end());
    return ran;
  }
};

}  // namespace vdsc
