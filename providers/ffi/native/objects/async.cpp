#include "objects/async.h"

#include <algorithm>

#include "objects/provider.h"

namespace vdsc {
namespace {

/** How long an operation takes, without what the array itself takes. */
constexpr std::chrono::microseconds kDuration(1000);

}  // namespace

Workers::~Workers() {
  for (Worker& worker : workers_) {
    if (worker.thread.get_id() == std::this_thread::get_id())
      worker.thread.detach();
    else
      worker.thread.join();
  }
}

void Workers::run(std::function<void()> work) {
  const std::lock_guard lock(mutex_);
  for (auto worker = workers_.begin(); worker != workers_.end();) {
    if (worker->ended) {
      worker->thread.join();
      worker = workers_.erase(worker);
    } else {
      ++worker;
    }
  }
  Worker& worker = workers_.emplace_back();
  try {
    // `ended` is set before the thread drops `work`: that may be the last reference to the provider and so to this
    // list.
    worker.thread = std::thread([work = std::move(work), &worker] {
      work();
      worker.ended = true;
    });
  } catch (...) {
    workers_.pop_back();
    throw;
  }
}

void Workers::join() {
  std::list<Worker> leaving;
  std::list<Worker> staying;
  {
    const std::lock_guard lock(mutex_);
    leaving.swap(workers_);
  }
  // Not under the mutex: what we wait for may be a sink that calls back and starts another operation.
  for (auto worker = leaving.begin(); worker != leaving.end();) {
    const auto next = std::next(worker);
    if (worker->thread.get_id() == std::this_thread::get_id())
      staying.splice(staying.end(), leaving, worker);
    else
      worker->thread.join();
    worker = next;
  }
  const std::lock_guard lock(mutex_);
  workers_.splice(workers_.end(), staying);
}

Async::Async(Provider& provider, VDS_ASYNC_OUTPUT_TYPE type, Commit commit)
    : provider_(Ref<Provider>::share(&provider)), type_(type), commit_(std::move(commit)) {}

Ref<IVdsAsync> Async::start(Provider& provider, VDS_ASYNC_OUTPUT_TYPE type, Commit commit) {
  const auto async = Ref<Async>::adopt(new Async(provider, type, std::move(commit)));
  provider.workers().run([async] { async->run(); });
  return Ref<IVdsAsync>::share(async.get());
}

void Async::run() noexcept {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, kDuration, [this] { return stage_ != Stage::running; });
  if (stage_ != Stage::running) return;
  if (!provider_->isLoaded()) {
    commit_ = nullptr;
    return finish(VDS_E_OPERATION_CANCELED);
  }
  lock.unlock();
  const HRESULT result = commitWhenReachable();
  lock.lock();
  Commit dropped = std::move(commit_);
  lock.unlock();
  dropped = nullptr;  // With the claim of an operation that failed, before anybody can see that it has ended.
  lock.lock();
  // An unload that came first has ended the operation as a cancel would.
  if (stage_ != Stage::finished) finish(result == VDS_E_INITIALIZE_NOT_CALLED ? VDS_E_OPERATION_CANCELED : result);
}

/** Commits as soon as the array answers. Until then the operation can still be cancelled. */
HRESULT Async::commitWhenReachable() noexcept {
  return answer([&] {
    Gate::Request request(Gate::Request::By::operation);
    for (;;) {
      Gate::Held held;
      try {
        Call call(*provider_, request, Call::Needs::load);
        if (!enter(Stage::running, Stage::committing)) return VDS_E_OPERATION_CANCELED;
        created_ = commit_(call);
        return S_OK;
      } catch (const Gate::Held& thrown) {
        held = thrown;
      }
      enter(Stage::committing, Stage::running);
      waitFor(*provider_, request, held, Call::Needs::load, [this] { return isFinished(); });
    }
  });
}

bool Async::enter(Stage from, Stage to) noexcept {
  const std::lock_guard lock(mutex_);
  if (stage_ != from) return false;
  stage_ = to;
  return true;
}

bool Async::isFinished() noexcept {
  const std::lock_guard lock(mutex_);
  return stage_ == Stage::finished;
}

void Async::finish(HRESULT result) noexcept {
  stage_ = Stage::finished;
  result_ = result;
  changed_.notify_all();
}

HRESULT Async::Cancel() {
  if (!provider_->isLoaded()) return VDS_E_INITIALIZE_NOT_CALLED;
  Commit dropped;  // With its claim on the array, before the caller can try again.
  {
    const std::lock_guard lock(mutex_);
    if (stage_ != Stage::running)
      return result_ == VDS_E_OPERATION_CANCELED ? VDS_E_OPERATION_CANCELED : VDS_E_CANCEL_TOO_LATE;
    dropped = std::move(commit_);
    finish(VDS_E_OPERATION_CANCELED);
  }
  provider_->wakeWaiting();
  return S_OK;
}

HRESULT Async::Wait(HRESULT* result, VDS_ASYNC_OUTPUT* out) {
  if (out) {
    *out = {};
    out->type = type_;
  }
  if (!provider_->isLoaded()) return VDS_E_INITIALIZE_NOT_CALLED;
  if (!result || !out) return E_INVALIDARG;
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return stage_ == Stage::finished; });
  *result = result_;
  IUnknown*& slot = type_ == VDS_ASYNCOUT_CREATETARGET        ? out->ct.pTargetUnk
                    : type_ == VDS_ASYNCOUT_CREATEPORTALGROUP ? out->cpg.pPortalGroupUnk
                                                              : out->cl.pLunUnk;
  slot = Ref<IUnknown>(created_).detach();
  return S_OK;
}

HRESULT Async::QueryStatus(HRESULT* result, ULONG* percent) {
  if (!provider_->isLoaded()) return VDS_E_INITIALIZE_NOT_CALLED;
  if (!result || !percent) return E_INVALIDARG;
  const std::lock_guard lock(mutex_);
  *result = stage_ == Stage::finished ? result_ : VDS_E_OPERATION_PENDING;
  *percent = stage_ == Stage::finished ? 100
                                       : static_cast<ULONG>(std::min<long long>(
                                             99, (std::chrono::steady_clock::now() - started_) * 100 / kDuration));
  return S_OK;
}

}  // namespace vdsc
