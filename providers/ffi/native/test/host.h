// A host of the provider for the walks through it: its sink, and what all walks ask of the objects.
#pragma once

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <mutex>

#include "com/base.h"
#include "com/class_id.h"

#ifndef _WIN32
extern "C" HRESULT DllGetClassObject(REFCLSID clsid, REFIID iid, void** out);
extern "C" HRESULT DllCanUnloadNow();
#endif

namespace vdsc::walk {

#define CHECK(condition)                                                             \
  do {                                                                               \
    if (!(condition)) {                                                              \
      std::fprintf(stderr, "%s:%d: not true: %s\n", __FILE__, __LINE__, #condition); \
      std::exit(1);                                                                  \
    }                                                                                \
  } while (false)
#define CHECK_HR(call, expected)                                                                                  \
  do {                                                                                                            \
    const HRESULT got = (call);                                                                                   \
    if (got != (expected)) {                                                                                      \
      std::fprintf(stderr, "%s:%d: %s answered 0x%08X\n", __FILE__, __LINE__, #call, static_cast<unsigned>(got)); \
      std::exit(1);                                                                                               \
    }                                                                                                             \
  } while (false)

inline constexpr uint64_t kMiB = uint64_t{1} << 20, kGiB = uint64_t{1} << 30;

template <class T, class From>
Ref<T> query(From* object) {
  void* out = nullptr;
  CHECK_HR(object->QueryInterface(iidOf(static_cast<T*>(nullptr)), &out), S_OK);
  return Ref<T>::adopt(static_cast<T*>(out));
}

/** A result through an out parameter, by way of a lambda that passes it. */
template <class T, class Call>
Ref<T> out(Call&& call) {
  T* pointer = nullptr;
  CHECK_HR(call(&pointer), S_OK);
  CHECK(pointer);
  return Ref<T>::adopt(pointer);
}

class Sink final : public ComObject<RefCounted, IVdsAdviseSink> {
 public:
  HRESULT STDMETHODCALLTYPE OnNotify(LONG count, VDS_NOTIFICATION* notifications) override {
    const std::lock_guard lock(mutex_);
    for (LONG i = 0; i < count; ++i) events_.push_back(notifications[i].Lun.ulEvent);
    if (onEvent) onEvent();
    return S_FALSE;
  }
  /** The events since the last call, apart from those of drives and targets that change with a LUN. */
  std::vector<ULONG> take() {
    const std::lock_guard lock(mutex_);
    std::vector<ULONG> taken;
    for (const ULONG event : std::exchange(events_, {}))
      if (event != VDS_NF_DRIVE_MODIFY && event != VDS_NF_TARGET_MODIFY) taken.push_back(event);
    return taken;
  }
  std::function<void()> onEvent;

 private:
  std::mutex mutex_;
  std::vector<ULONG> events_;
};

using Events = std::vector<ULONG>;

struct Host {
  Ref<IVdsHwProvider> provider;
  Ref<Sink> sink = Ref<Sink>::adopt(new Sink);
  Ref<IVdsConformanceControl> control;

  Host() {
    const auto factory = out<IClassFactory>([](IClassFactory** p) {
      return DllGetClassObject(*parseGuid(wide(kClassId)), IID_IClassFactory, reinterpret_cast<void**>(p));
    });
    CHECK_HR(factory->LockServer(1), S_OK);
    CHECK_HR(factory->LockServer(0), S_OK);
    provider = out<IVdsHwProvider>([&](IVdsHwProvider** p) {
      return factory->CreateInstance(nullptr, IID_IVdsHwProvider, reinterpret_cast<void**>(p));
    });
    control = query<IVdsConformanceControl>(provider.get());
    CHECK_HR(provider->Refresh(), VDS_E_INITIALIZE_NOT_CALLED);
    CHECK_HR(priv()->OnLoad(nullptr, sink.get()), S_OK);
    CHECK_HR(priv()->OnLoad(nullptr, nullptr), VDS_E_INITIALIZED_FAILED);
  }
  ~Host() {
    CHECK_HR(priv()->OnUnload(1), S_OK);
    CHECK_HR(provider->Refresh(), VDS_E_INITIALIZE_NOT_CALLED);
  }
  Ref<IVdsProviderPrivate> priv() const { return query<IVdsProviderPrivate>(provider.get()); }
  void recover() const {
    CHECK_HR(provider->Reenumerate(), S_OK);
    CHECK_HR(provider->Refresh(), S_OK);
  }
  ULONG inject(VDSC_FAULT_KIND kind, const GUID& id, BOOL notify = 0) const {
    ULONG fault = 0;
    LPWSTR proof = nullptr;
    CHECK_HR(control->Inject(kind, id, notify, &fault, &proof), S_OK);
    CHECK(proof);
    CoTaskMemFree(proof);
    return fault;
  }
};

template <class T>
std::vector<Ref<T>> all(const Ref<IEnumVdsObject>& list) {
  std::vector<Ref<T>> objects;
  IUnknown* next = nullptr;
  ULONG fetched = 0;
  while (list->Next(1, &next, &fetched) == S_OK) {
    objects.push_back(query<T>(next));
    next->Release();
  }
  CHECK(fetched == 0);
  return objects;
}

inline std::vector<Ref<IVdsSubSystem>> subSystems(const Host& host) {
  return all<IVdsSubSystem>(out<IEnumVdsObject>([&](IEnumVdsObject** p) { return host.provider->QuerySubSystems(p); }));
}
inline std::vector<Ref<IVdsLun>> luns(const Ref<IVdsSubSystem>& subSystem) {
  return all<IVdsLun>(out<IEnumVdsObject>([&](IEnumVdsObject** p) { return subSystem->QueryLuns(p); }));
}

/** The members that a test looks at; the strings are freed at once. */
inline VDS_LUN_PROP properties(const Ref<IVdsLun>& lun) {
  VDS_LUN_PROP prop;
  CHECK_HR(lun->GetProperties(&prop), S_OK);
  for (LPWSTR text : {prop.pwszFriendlyName, prop.pwszIdentification, prop.pwszUnmaskingList}) CoTaskMemFree(text);
  return prop;
}
inline GUID idOf(const Ref<IVdsSubSystem>& subSystem) {
  VDS_SUB_SYSTEM_PROP prop;
  CHECK_HR(subSystem->GetProperties(&prop), S_OK);
  CoTaskMemFree(prop.pwszFriendlyName);
  CoTaskMemFree(prop.pwszIdentification);
  return prop.id;
}

inline Ref<IVdsAsync> startLun(const Ref<IVdsSubSystem>& subSystem, uint64_t size, VDS_LUN_TYPE type = VDS_LT_SIMPLE) {
  Text list = wide("*");
  return out<IVdsAsync>(
      [&](IVdsAsync** p) { return subSystem->CreateLun(type, size, nullptr, 0, list.data(), nullptr, p); });
}
/** Waits; gives the created object, if there is one. */
inline Ref<IUnknown> finish(const Ref<IVdsAsync>& async, HRESULT expected = S_OK) {
  HRESULT result = S_OK;
  VDS_ASYNC_OUTPUT output;
  CHECK_HR(async->Wait(&result, &output), S_OK);
  CHECK(result == expected);
  return Ref<IUnknown>::adopt(output.cl.pLunUnk);
}

}  // namespace vdsc::walk
