#include "objects/enumerator.h"

#include <algorithm>

#include "objects/provider.h"

namespace vdsc {

Enumerator::Enumerator(Provider& provider, std::shared_ptr<const Objects> objects, size_t next)
    : provider_(Ref<Provider>::share(&provider)), objects_(std::move(objects)), next_(next) {}

Ref<IEnumVdsObject> Enumerator::make(Provider& provider, Objects objects) {
  return Ref<IEnumVdsObject>::adopt(new Enumerator(provider, std::make_shared<const Objects>(std::move(objects)), 0));
}

template <class Body>
HRESULT Enumerator::method(Body&& body) noexcept {
  return answer([&] {
    if (!provider_->isLoaded()) fail(VDS_E_INITIALIZE_NOT_CALLED);
    const std::lock_guard lock(mutex_);
    return body();
  });
}

HRESULT Enumerator::Next(ULONG count, IUnknown** out, ULONG* fetched) {
  if (fetched) *fetched = 0;
  return method([&] {
    if (!out || !fetched) return E_INVALIDARG;
    const size_t first = next_;
    const size_t taken = advance(count);
    for (size_t i = 0; i < taken; ++i) out[i] = Ref<IUnknown>((*objects_)[first + i]).detach();
    *fetched = static_cast<ULONG>(taken);
    return taken == count ? S_OK : S_FALSE;
  });
}

HRESULT Enumerator::Skip(ULONG count) {
  return method([&] { return advance(count) == count ? S_OK : S_FALSE; });
}

HRESULT Enumerator::Reset() {
  return method([&] {
    next_ = 0;
    return S_OK;
  });
}

HRESULT Enumerator::Clone(IEnumVdsObject** out) {
  if (out) *out = nullptr;
  return method([&] {
    if (!out) return E_INVALIDARG;
    *out = new Enumerator(*provider_, objects_, next_);
    return S_OK;
  });
}

size_t Enumerator::advance(ULONG count) noexcept {
  const size_t step = std::min<size_t>(count, objects_->size() - next_);
  next_ += step;
  return step;
}

}  // namespace vdsc
