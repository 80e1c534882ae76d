// Used by every file here: text, GUIDs, memory that crosses the interface, counted references, and failures that are
// exceptions inside and HRESULTs outside. Nothing here knows VDS objects.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "vds_contract.h"

namespace vdsc {

using Text = std::basic_string<WCHAR>;
using Bytes = std::vector<uint8_t>;

Text wide(std::string_view ascii);

inline constexpr GUID kNullGuid = {};
/** A random (version 4) GUID. */
GUID newGuid();
/** `83bfb87f-43fb-4903-baa6-127f01029eec` */
std::string guidText(const GUID& guid);
/** The same 32 digits without hyphens. */
std::string guidDigits(const GUID& guid);
/** Exactly one GUID, braced or bare; nothing for any other text. */
std::optional<GUID> parseGuid(const Text& text);

/** How code in here fails; answer() turns it into what the method returns. */
struct Failure {
  HRESULT code;
};
[[noreturn]] inline void fail(HRESULT code) {
  throw Failure{code};
}

/** System errors that file trouble and missing resources are converted from. */
inline constexpr ULONG kErrorCrc = 23, kErrorWriteFault = 29, kErrorReadFault = 30, kErrorNoSystemResources = 1450;
HRESULT fromSystemError(ULONG error) noexcept;

/** Runs the body of a method. Nothing may be thrown across a COM boundary: the caller may be C, or a debugger of
 * another compiler. */
template <class Body>
HRESULT answer(Body&& body) noexcept {
  try {
    return body();
  } catch (const Failure& failure) {
    return failure.code;
  } catch (const std::bad_alloc&) {
    return E_OUTOFMEMORY;
  } catch (...) {
    return fromSystemError(kErrorNoSystemResources);  // A thread or a file system call that the system refused.
  }
}

/**
 * The memory for what callers get: objects, strings and arrays. All of it is allocated here, so that a limit on it is
 * one that no output gets round; what the library needs for itself is not counted.
 */
class CallerMemory {
 public:
  /** By CoTaskMemAlloc. Throws std::bad_alloc. */
  static void* allocate(size_t size);
  /** Whether an allocation of this size succeeds: it is tried. */
  static bool has(size_t size) noexcept;
  /** Leaves nothing to be had, until as many calls of release. */
  static void exhaust() noexcept { ++exhausted_; }
  static void release() noexcept { --exhausted_; }

 private:
  static std::atomic<int> exhausted_;
};

struct CoTaskMemDelete {
  void operator()(void* block) const noexcept { CoTaskMemFree(block); }
};
/** A string for an out parameter: owned here until release() hands it to the caller, so that a later failure leaks
 * nothing. */
using OutText = std::unique_ptr<WCHAR, CoTaskMemDelete>;
using OutAscii = std::unique_ptr<char, CoTaskMemDelete>;
OutText outText(const Text& text);
OutAscii outAscii(const std::string& text);
/** An array of structures for an out parameter. NULL for none. */
template <class Item>
using OutArray = std::unique_ptr<Item, CoTaskMemDelete>;
template <class Item>
OutArray<Item> outArray(const std::vector<Item>& items) {
  if (items.empty()) return nullptr;
  OutArray<Item> copy(static_cast<Item*>(CallerMemory::allocate(items.size() * sizeof(Item))));
  std::uninitialized_copy(items.begin(), items.end(), copy.get());
  return copy;
}

/** A counted reference to a COM object. */
template <class T>
class Ref {
 public:
  Ref() = default;
  Ref(const Ref& other) noexcept : Ref(share(other.pointer_)) {}
  Ref(Ref&& other) noexcept : pointer_(std::exchange(other.pointer_, nullptr)) {}
  Ref& operator=(Ref other) noexcept {
    std::swap(pointer_, other.pointer_);
    return *this;
  }
  ~Ref() {
    if (pointer_) pointer_->Release();
  }
  /** Takes over a reference that the caller owns. */
  static Ref adopt(T* pointer) noexcept {
    Ref ref;
    ref.pointer_ = pointer;
    return ref;
  }
  /** Adds a reference of its own. */
  static Ref share(T* pointer) noexcept {
    if (pointer) pointer->AddRef();
    return adopt(pointer);
  }
  T* get() const noexcept { return pointer_; }
  T* operator->() const noexcept { return pointer_; }
  T& operator*() const noexcept { return *pointer_; }
  explicit operator bool() const noexcept { return pointer_ != nullptr; }
  /** Hands the reference to the caller. */
  T* detach() noexcept { return std::exchange(pointer_, nullptr); }

 private:
  T* pointer_ = nullptr;
};

/** How many objects of this library are alive; DllCanUnloadNow asks. */
extern std::atomic<long> liveObjects;

class RefCounted {
 public:
  RefCounted(const RefCounted&) = delete;
  RefCounted& operator=(const RefCounted&) = delete;
  static void* operator new(size_t size) { return CallerMemory::allocate(size); }
  static void operator delete(void* block) noexcept { CoTaskMemFree(block); }
  ULONG addReference() noexcept { return ++references_; }
  ULONG dropReference() noexcept { return --references_; }
  /** Adds a reference unless the last one has just been dropped: for tables that hold plain pointers. */
  bool tryAddReference() noexcept;
  /** Whether QueryInterface is to give an interface that the class has. */
  virtual bool offers(REFIID) const noexcept { return true; }

 protected:
  RefCounted() noexcept { ++liveObjects; }
  virtual ~RefCounted() { --liveObjects; }

 private:
  std::atomic<ULONG> references_{1};
};

/** IUnknown for a class that has the interfaces First, Rest… and the base Base. The pointer of First is the object's
 * identity. */
template <class Base, class First, class... Rest>
class ComObject : public First, public Rest..., public Base {
 public:
  HRESULT STDMETHODCALLTYPE QueryInterface(REFIID iid, void** out) final {
    if (!out) return E_INVALIDARG;
    *out = nullptr;
    if (!this->offers(iid)) return E_NOINTERFACE;
    if (iid == IID_IUnknown || iid == iidOf(static_cast<First*>(nullptr))) *out = static_cast<First*>(this);
    ((iid == iidOf(static_cast<Rest*>(nullptr)) ? void(*out = static_cast<Rest*>(this)) : void()), ...);
    if (!*out) return E_NOINTERFACE;
    this->addReference();
    return S_OK;
  }
  ULONG STDMETHODCALLTYPE AddRef() final { return this->addReference(); }
  ULONG STDMETHODCALLTYPE Release() final {
    const ULONG left = this->dropReference();
    if (left == 0) delete this;
    return left;
  }

 protected:
  using Base::Base;
};

/** Hands out `object` as the interface T. For objects that are known to have it. */
template <class T>
void handOut(const Ref<IUnknown>& object, T** out) noexcept {
  void* found = nullptr;
  object->QueryInterface(iidOf(static_cast<T*>(nullptr)), &found);
  *out = static_cast<T*>(found);
}

}  // namespace vdsc
