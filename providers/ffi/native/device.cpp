#include "device.h"

#include <algorithm>

#include "enumerator.h"
#include "provider.h"

namespace vdsc {

Device::Device(Provider& provider, const Key& deviceKey, const GUID& subSystem)
    : key(deviceKey), parent(subSystem), provider_(Ref<Provider>::share(&provider)) {}

Device::~Device() { provider_->registry().remove(*this); }

HRESULT Device::emptyEnumeration(IEnumVdsObject** out) noexcept {
  return method(out, [&](Call&) {
    *out = Enumerator::make(provider(), {}).detach();
    return S_OK;
  });
}

HRESULT Device::statusNotSettable(int32_t status, int32_t unknown, std::initializer_list<int32_t> valid) noexcept {
  return method([&](Call&) {
    const bool settable = status != unknown && std::find(valid.begin(), valid.end(), status) != valid.end();
    return settable ? VDS_E_NOT_SUPPORTED : E_INVALIDARG;
  });
}

HRESULT Device::handOutSubSystem(IVdsSubSystem** out) noexcept {
  return method(out, [&](Call&) {
    handOut(provider().object({Kind::subSystem, parent}), out);
    return S_OK;
  });
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

void Registry::markDeleted(const Key& key) {
  const std::lock_guard lock(mutex_);
  for (const auto& [other, device] : devices_)
    if (device && (other == key || (key.kind == Kind::subSystem && device->parent == key.id))) device->markDeleted();
}

void Registry::remove(const Device& device) noexcept {
  const std::lock_guard lock(mutex_);
  const auto found = devices_.find(device.key);
  if (found != devices_.end() && found->second == &device) devices_.erase(found);
}

}  // namespace vdsc
