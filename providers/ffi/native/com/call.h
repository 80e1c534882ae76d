// One call on a provider or one of its objects: the mutex is held, the cache has been read, and notifications wait for
// the end.
#pragma once

#include "cache/learning.h"
#include "com/state.h"

namespace vdsc {

class Call {
 public:
  enum class Needs { load, nothing };

  /** Enters the provider. Throws VDS_E_INITIALIZE_NOT_CALLED when it is not loaded, unless the call needs no load. */
  Call(Provider& provider, Gate::Request& request, Needs needs);
  /** Leaves it, then tells the sink: a sink may call back, on this thread or by way of another. */
  ~Call();
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

  Provider& provider() const noexcept { return provider_; }

  /** The cache as it was when the call began; empty when there is no load. */
  CacheImage cache;

  /** Asks for the way to the array. Until here a method must have changed nothing. Throws Gate::Held or Failure. */
  void ask(Method method, const Scope& scope);
  /** The device and what contains it. */
  Scope scopeOf(const GUID& device) const;
  /** Which subsystems there are. */
  Scope scopeOfSubSystems(System& system) const;
  /** Everything there is. */
  Scope scopeOfAll(System& system) const;

  /** A change by a caller: `system` is what the array is to hold, `changed` the devices that it then tells of. Whatever
   * can fail for want of memory comes before the first write, so that a call that fails so has changed nothing. */
  void commit(System& system, const Ids& changed);
  /** The array tells that something happened to devices. */
  void learn(System& system, const Ids& changed);
  /** The array tells that a device is gone. */
  void depart(System& system, const GUID& device);
  /** A change reached the array and found the device gone. Throws VDS_E_OBJECT_DELETED. */
  [[noreturn]] void gone(System& system, const GUID& device);
  /** Puts what was learnt in place of what was known; `changed` is written to the array first, unless it is NULL. */
  void adopt(Learning&& learning, const System* changed);

 private:
  Learning learning(System& system) const;

  Provider& provider_;
  Gate::Request& request_;
  std::unique_lock<std::mutex> lock_;
  std::vector<VDS_NOTIFICATION> notifications_;
};

/** Waits, outside of any call, until what held a request up is over or the provider is unloaded. */
void waitFor(Provider& provider, Gate::Request& request, const Gate::Held& held, Call::Needs needs,
             const std::function<bool()>& isAbandoned);

/** Carries out a method as one call, begun again whenever it was held up on its way to the array. */
template <class Body>
HRESULT carryOut(Provider& provider, Call::Needs needs, Body&& body) noexcept {
  return answer([&] {
    Gate::Request request(Gate::Request::By::call);
    for (;;) {
      Gate::Held held;
      try {
        Call call(provider, request, needs);
        return static_cast<HRESULT>(body(call));
      } catch (const Gate::Held& thrown) {
        held = thrown;
      }
      waitFor(provider, request, held, needs, [] { return false; });
    }
  });
}

}  // namespace vdsc
