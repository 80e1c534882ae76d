// The faults of the array and of what is around the provider: its devices as an administrator changes them, the way to
// it, its events, memory, the process. Each is read back from where it was made.
#pragma once

#include "cache/damage.h"
#include "objects/provider.h"

namespace vdsc {

/** One fault that is being made, within a call. */
class Injection {
 public:
  Injection(Provider& provider, Call& call, VDSC_FAULT_KIND kind, const GUID& object, bool notify)
      : provider_(provider), call_(call), kind_(kind), object_(object), notify_(notify) {}

  /** Throws Failure. */
  Alteration make();

  /** Takes its cause away. */
  Heal heal = [] { return ArrayEvents(); };
  /** The array's events that come with it. */
  ArrayEvents events;

 private:
  using Act = std::function<void(System&)>;

  State& state() const noexcept { return *provider_.state_; }
  const Array& array() const noexcept { return provider_.array(); }
  /** The subsystem that the object is or belongs to, reachable or not. Throws VDS_E_OBJECT_NOT_FOUND. */
  GUID subSystem() const;
  /** Does something at the array, and tells what changed as one event unless the fault is silent. */
  static ArrayEvents administer(State& state, bool notify, const GUID& subSystem, const Act& act);
  /** A change of a device that can be undone. `look` says in words how the array has it. */
  Alteration change(const std::function<std::string()>& look, const Act& act, const Act& undo);
  std::string presence(const GUID& device) const;

  Alteration damageCache();
  Alteration deleteObject();
  Alteration disconnect();
  Alteration changeObject();
  Alteration failStatus();
  Alteration recreateObject();
  Alteration importLun();
  Alteration exhaustMemory();
  Alteration obstruct(Trouble trouble);
  Alteration disturb(Disturbance disturbance);
  Alteration crash();

  Provider& provider_;
  Call& call_;
  const VDSC_FAULT_KIND kind_;
  const GUID object_;
  const bool notify_;
};

}  // namespace vdsc
