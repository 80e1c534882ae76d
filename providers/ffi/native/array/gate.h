// The way by which requests reach the array, and what can be wrong with it: it answers with an I/O error, late, or not
// at all. A method asks to pass before it changes anything, so one that is held up gives back the provider's mutex,
// waits, and is begun again: by then its object may be deleted or its cache damaged, and it finds out as any call does.
#pragma once

#include <condition_variable>
#include <functional>
#include <list>
#include <mutex>

#include "documented_codes.h"
#include "cache/entries.h"

namespace vdsc {

enum class Trouble { deviceError, latency, hang };

/** The devices of a request to the array. */
struct Scope {
  /** The device and what contains it; for a scan, everything that is asked about. */
  Ids devices;
  Ids subSystems;
};

class Gate {
 public:
  /** Who asks: a call, or an operation that is to commit. One for the whole of a call, however often it is begun again.
   */
  class Request {
   public:
    enum class By { call, operation };
    explicit Request(By by) : by_(by) {}

   private:
    friend class Gate;
    const By by_;
    /** The latencies that it has waited for. */
    std::vector<uint32_t> waited_;
  };

  /** Thrown through a method that cannot reach the array now. */
  struct Held {
    /** The obstacle or other call that is in the way. */
    uint32_t obstacle = 0;
    const Request* other = nullptr;
    bool isLatency = false;
  };

  // Each with the provider's mutex held.

  /** Asks to reach the array. Throws Held, or Failure: an I/O error, or VDS_E_ANOTHER_CALL_IN_PROGRESS where the
   * method's page lists it. */
  void pass(Request& request, Method method, const Scope& scope);
  /** Gives back the mutex until what held the request up is over, or `isAbandoned`. */
  void wait(std::unique_lock<std::mutex>& lock, Request& request, const Held& held,
            const std::function<bool()>& isAbandoned);
  /** Puts something in the way to a device. Gives the number by which to clear it. */
  uint32_t obstruct(Trouble trouble, const GUID& device);
  void clear(uint32_t obstacle);
  /** Those who wait look again whether they still have to. */
  void wake() { changed_.notify_all(); }
  /** The troubles that a request about the device would meet, in words. */
  std::string condition(const GUID& device) const;

 private:
  struct Obstacle {
    uint32_t number;
    Trouble trouble;
    GUID device;
  };
  /** A call that an array which does not answer holds up. */
  struct Wait {
    const Request* request;
    Ids subSystems;
  };

  uint32_t numbers_ = 0;
  std::list<Obstacle> obstacles_;
  std::list<Wait> waits_;
  std::condition_variable changed_;
};

}  // namespace vdsc
