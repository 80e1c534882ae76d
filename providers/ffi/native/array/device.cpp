#include "array/device.h"

#include <cstdlib>

#include "objects/enumerator.h"
#include "objects/provider.h"

namespace vdsc {

Device::Device(Provider& provider, const Key& deviceKey) : key(deviceKey), provider_(Ref<Provider>::share(&provider)) {}

Device::~Device() {
  provider_->registry().remove(*this);
}

const Profile& Device::profile() const noexcept {
  return provider_->profile();
}

bool Device::offers(REFIID iid) const noexcept {
  return profile().offers(iid);
}

Device::Reached Device::reach(Call& call, Method method, WhenFailed whenFailed) const {
  if (whenFailed == WhenFailed::refuse && statusIn(call.cache) == VDS_LS_FAILED &&
      lists_VDS_E_OBJECT_STATUS_FAILED(method))
    fail(VDS_E_OBJECT_STATUS_FAILED);
  return reachAgain(call, method);
}

Device::Reached Device::reachAgain(Call& call, Method method) const {
  if (deleted_) fail(VDS_E_OBJECT_DELETED);
  verify(call.cache);
  call.ask(method, call.scopeOf(key.id));
  Reached reached{provider_->array().read(), {}};
  const std::optional<Found> found = reached.system.find(key.id);
  if (!found) call.gone(reached.system, key.id);
  reached.found = *found;
  return reached;
}

void Device::operate(IVdsAsync** out, VDS_ASYNC_OUTPUT_TYPE type, std::function<Ref<IUnknown>(Call&)> commit) {
  *out =
      Async::start(*provider_, type, [self = Ref<IUnknown>::share(unknown()), commit = std::move(commit)](Call& end) {
        return commit(end);
      }).detach();
}

Ref<IEnumVdsObject> Device::enumerate(Call& call, Kind kind, const Ids& ids) const {
  Enumerator::Objects objects;
  for (const GUID& id : ids) {
    withEntryOf(kind, [&](auto tag) { call.cache.verified<typename decltype(tag)::Type>(id); });
    objects.push_back(objectOf(id));
  }
  return Enumerator::make(*provider_, std::move(objects));
}

Ref<IUnknown> Device::objectOf(const GUID& id) const {
  const auto found = provider_->known().find(id);
  if (found == provider_->known().end()) fail(VDS_E_PROVIDER_CACHE_CORRUPT);
  return provider_->object({found->second.kind, id});
}

void Device::crashIfAsked() const noexcept {
  if (!provider_->endsWith(key.id)) return;
#ifdef _WIN32
  TerminateProcess(GetCurrentProcess(), 0xC0000409);  // abort() would show a dialog.
#else
  std::abort();
#endif
}

Ref<IUnknown> Registry::obtain(const Key& key, const std::function<Device*()>& make) {
  const std::lock_guard lock(mutex_);
  Device*& slot = devices_[key];
  if (slot && !slot->isDeleted() && slot->tryAddReference()) return Ref<IUnknown>::adopt(slot->unknown());
  slot = make();
  return Ref<IUnknown>::adopt(slot->unknown());
}

std::vector<Key> Registry::alive() const {
  const std::lock_guard lock(mutex_);
  std::vector<Key> keys;
  for (const auto& [key, device] : devices_)
    if (device && !device->isDeleted()) keys.push_back(key);
  return keys;
}

void Registry::markDeleted(const GUID& id) noexcept {
  const std::lock_guard lock(mutex_);
  for (const auto& [key, device] : devices_)
    if (device && key.id == id) device->markDeleted();
}

void Registry::remove(const Device& device) noexcept {
  const std::lock_guard lock(mutex_);
  const auto found = devices_.find(device.key);
  if (found != devices_.end() && found->second == &device) devices_.erase(found);
}

}  // namespace vdsc
