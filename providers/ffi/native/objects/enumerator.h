// IEnumVdsObject: a snapshot of objects. Devices that arrive later do not appear, devices that go stay and answer
// VDS_E_OBJECT_DELETED.
#pragma once

#include <mutex>

#include "com/base.h"

namespace vdsc {

class Provider;

class Enumerator final : public ComObject<RefCounted, IEnumVdsObject> {
 public:
  using Objects = std::vector<Ref<IUnknown>>;

  static Ref<IEnumVdsObject> make(Provider& provider, Objects objects);

  HRESULT STDMETHODCALLTYPE Next(ULONG count, IUnknown** out, ULONG* fetched) override;
  HRESULT STDMETHODCALLTYPE Skip(ULONG count) override;
  HRESULT STDMETHODCALLTYPE Reset() override;
  HRESULT STDMETHODCALLTYPE Clone(IEnumVdsObject** out) override;

 private:
  Enumerator(Provider& provider, std::shared_ptr<const Objects> objects, size_t next);
  /** Runs a method while the provider is loaded, one call at a time. */
  template <class Body>
  HRESULT method(Body&& body) noexcept;
  /** Moves on by `count` objects, or to the end. Returns by how many. */
  size_t advance(ULONG count) noexcept;

  const Ref<Provider> provider_;
  const std::shared_ptr<const Objects> objects_;
  std::mutex mutex_;
  size_t next_;
};

}  // namespace vdsc
