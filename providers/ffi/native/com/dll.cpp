// The entry points by which COM, or a host without COM, gets at the provider.
#include "com/class_id.h"
#include "objects/provider.h"

#ifdef _WIN32
#define VDSC_EXPORT STDAPI  // exports.def names what is exported.
#else
#define VDSC_EXPORT extern "C" __attribute__((visibility("default"))) HRESULT
#endif

namespace vdsc {
namespace {

std::atomic<long> serverLocks{0};

class ClassFactory final : public ComObject<RefCounted, IClassFactory> {
 public:
  HRESULT STDMETHODCALLTYPE CreateInstance(IUnknown* outer, REFIID iid, void** out) override {
    if (!out) return E_INVALIDARG;
    *out = nullptr;
    if (outer) return CLASS_E_NOAGGREGATION;
    return answer([&] { return Ref<Provider>::adopt(new Provider)->QueryInterface(iid, out); });
  }
  HRESULT STDMETHODCALLTYPE LockServer(BOOL lock) override {
    serverLocks += lock ? 1 : -1;
    return S_OK;
  }
};

}  // namespace
}  // namespace vdsc

VDSC_EXPORT DllGetClassObject(REFCLSID clsid, REFIID iid, void** out) {
  using namespace vdsc;
  if (!out) return E_INVALIDARG;
  *out = nullptr;
  return answer([&] {
    if (clsid != parseGuid(wide(kClassId))) fail(CLASS_E_CLASSNOTAVAILABLE);
    return Ref<ClassFactory>::adopt(new ClassFactory)->QueryInterface(iid, out);
  });
}

VDSC_EXPORT DllCanUnloadNow() {
  return vdsc::liveObjects == 0 && vdsc::serverLocks == 0 ? S_OK : S_FALSE;
}
