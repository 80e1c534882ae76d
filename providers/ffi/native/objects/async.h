// IVdsAsync: an operation that goes on after the call that started it, on a thread of its own.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <list>
#include <mutex>
#include <thread>

#include "com/call.h"

namespace vdsc {

/** The threads of a provider's operations. None outlives the provider, except the one that drops the last reference to
 * it. */
class Workers {
 public:
  ~Workers();
  void run(std::function<void()> work);
  /** Waits for all of them but the calling one. */
  void join();

 private:
  struct Worker {
    std::thread thread;
    std::atomic<bool> ended{false};
  };
  std::mutex mutex_;
  std::list<Worker> workers_;
};

class Async final : public ComObject<RefCounted, IVdsAsync> {
 public:
  /** The change itself. Returns the created object, if the operation creates one; throws Failure, or Gate::Held to be
   * tried again, with nothing changed. */
  using Commit = std::function<Ref<IUnknown>(Call&)>;

  /** Starts an operation on its own thread. It commits at its end, unless it is cancelled or the provider unloaded
   * before. */
  static Ref<IVdsAsync> start(Provider& provider, VDS_ASYNC_OUTPUT_TYPE type, Commit commit);

  HRESULT STDMETHODCALLTYPE Cancel() override;
  HRESULT STDMETHODCALLTYPE Wait(HRESULT* result, VDS_ASYNC_OUTPUT* out) override;
  HRESULT STDMETHODCALLTYPE QueryStatus(HRESULT* result, ULONG* percent) override;

 private:
  enum class Stage { running, committing, finished };

  Async(Provider& provider, VDS_ASYNC_OUTPUT_TYPE type, Commit commit);
  void run() noexcept;
  HRESULT commitWhenReachable() noexcept;
  /** Goes from one stage to another, if it is at the first. */
  bool enter(Stage from, Stage to) noexcept;
  bool isFinished() noexcept;
  /** Ends the operation and wakes those who wait. The caller holds the mutex. */
  void finish(HRESULT result) noexcept;

  const Ref<Provider> provider_;
  const VDS_ASYNC_OUTPUT_TYPE type_;
  const std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
  /** Guards what follows, but for the commit while the stage is committing. Nobody who holds it takes the provider's
   * mutex: Wait must not block it. */
  std::mutex mutex_;
  std::condition_variable changed_;
  Stage stage_ = Stage::running;
  HRESULT result_ = S_OK;
  Ref<IUnknown> created_;
  Commit commit_;
};

}  // namespace vdsc
