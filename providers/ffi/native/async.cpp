#include "async.h"

#include <chrono>

#include "provider.h"

namespace vdsc {

Workers::~Workers() {
  for (Worker& worker : workers_) {
    if (worker.thread.get_id() == std::this_thread::get_id()) worker.thread.detach();
    else worker.thread.join();
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
    // `ended` is set before the thread drops `work`: that may be the last reference to the provider and so to this list.
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
    if (worker->thread.get_id() == std::this_thread::get_id()) staying.splice(staying.end(), leaving, worker);
    else worker->thread.join();
    worker = next;
  }
  const std::lock_guard lock(mutex_);
  workers_.splice(workers_.end(), staying);
}

Async::Async(Provider& provider, VDS_ASYNC_OUTPUT_TYPE type, Stage stage, Commit commit)
    : provider_(Ref<Provider>::share(&provider)), type_(type), stage_(stage), commit_(std::move(commit)) {}

Ref<IVdsAsync> Async::start(Provider& provider, VDS_ASYNC_OUTPUT_TYPE type, Commit commit) {
  const auto async = Ref<Async>::adopt(new Async(provider, type, Stage::running, std::move(commit)));
  provider.workers().run([async] { async->run(); });
  return Ref<IVdsAsync>::share(async.get());
}

Ref<IVdsAsync> Async::finished(Provider& provider, VDS_ASYNC_OUTPUT_TYPE type) {
  auto* async = new Async(provider, type, Stage::finished, nullptr);
  async->percent_ = 100;
  return Ref<IVdsAsync>::adopt(async);
}

void Async::run() noexcept {
  std::unique_lock lock(mutex_);
  for (const ULONG percent : {20, 40, 60, 80}) {
    changed_.wait_for(lock, std::chrono::milliseconds(1), [this] { return stage_ != Stage::running; });
    if (stage_ != Stage::running) return;
    if (!provider_->isLoaded()) {
      commit_ = nullptr;
      return finish(VDS_E_OPERATION_CANCELED);
    }
    percent_ = percent;
  }
  stage_ = Stage::committing;
  percent_ = 99;
  Commit commit = std::move(commit_);
  lock.unlock();

  Ref<IUnknown> created;
  const HRESULT result = answer([&] {
    Call call(*provider_);
    created = commit(call);
    return S_OK;
  });
  commit = nullptr;  // With the claim of an operation that failed, before anybody can see that it has ended.

  lock.lock();
  created_ = std::move(created);
  // An unload that came first has ended the operation as a cancel would.
  finish(result == VDS_E_INITIALIZE_NOT_CALLED ? VDS_E_OPERATION_CANCELED : result);
}

void Async::finish(HRESULT result) noexcept {
  stage_ = Stage::finished;
  percent_ = 100;
  result_ = result;
  changed_.notify_all();
}

HRESULT Async::Cancel() {
  if (!provider_->isLoaded()) return VDS_E_INITIALIZE_NOT_CALLED;
  Commit dropped;  // With its claim on the array, before the caller can try again.
  const std::lock_guard lock(mutex_);
  if (stage_ == Stage::running) {
    dropped = std::move(commit_);
    finish(VDS_E_OPERATION_CANCELED);
    return S_OK;
  }
  return result_ == VDS_E_OPERATION_CANCELED ? VDS_E_OPERATION_CANCELED : VDS_E_CANCEL_TOO_LATE;
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
  IUnknown*& slot = type_ == VDS_ASYNCOUT_CREATETARGET ? out->ct.pTargetUnk : out->cl.pLunUnk;
  slot = Ref<IUnknown>(created_).detach();
  return S_OK;
}

HRESULT Async::QueryStatus(HRESULT* result, ULONG* percent) {
  if (!provider_->isLoaded()) return VDS_E_INITIALIZE_NOT_CALLED;
  if (!result || !percent) return E_INVALIDARG;
  const std::lock_guard lock(mutex_);
  *result = stage_ == Stage::finished ? result_ : VDS_E_OPERATION_PENDING;
  *percent = percent_;
  return S_OK;
}

}  // namespace vdsc
