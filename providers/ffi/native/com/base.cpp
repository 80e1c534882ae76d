#include "com/base.h"

#include <cstring>
#include <random>

namespace vdsc {

std::atomic<long> liveObjects{0};
std::atomic<int> CallerMemory::exhausted_{0};

void* CallerMemory::allocate(size_t size) {
  void* block = exhausted_ > 0 ? nullptr : CoTaskMemAlloc(size);
  if (!block) throw std::bad_alloc();
  return block;
}

bool CallerMemory::has(size_t size) noexcept {
  try {
    CoTaskMemFree(allocate(size));
    return true;
  } catch (const std::bad_alloc&) {
    return false;
  }
}

Text wide(std::string_view ascii) {
  return Text(ascii.begin(), ascii.end());
}

GUID newGuid() {
  std::random_device random;
  uint32_t words[4];
  for (uint32_t& word : words) word = random();
  GUID guid;
  std::memcpy(&guid, words, sizeof guid);
  guid.Data3 = static_cast<uint16_t>((guid.Data3 & 0x0FFF) | 0x4000);
  guid.Data4[0] = static_cast<uint8_t>((guid.Data4[0] & 0x3F) | 0x80);
  return guid;
}

std::string guidDigits(const GUID& guid) {
  std::string digits;
  const auto add = [&digits](uint32_t value, int count) {
    for (int shift = 4 * (count - 1); shift >= 0; shift -= 4) digits += "0123456789abcdef"[value >> shift & 0xF];
  };
  add(guid.Data1, 8);
  add(guid.Data2, 4);
  add(guid.Data3, 4);
  for (const uint8_t byte : guid.Data4) add(byte, 2);
  return digits;
}

std::string guidText(const GUID& guid) {
  std::string text = guidDigits(guid);
  for (const size_t hyphen : {20, 16, 12, 8}) text.insert(hyphen, 1, '-');
  return text;
}

std::optional<GUID> parseGuid(const Text& text) {
  const bool braced = text.size() == 38 && text.front() == '{' && text.back() == '}';
  const Text bare = braced ? text.substr(1, 36) : text;
  if (bare.size() != 36) return std::nullopt;
  uint8_t bytes[16] = {};
  size_t digits = 0;
  for (size_t i = 0; i < bare.size(); ++i) {
    const WCHAR c = bare[i];
    if (i == 8 || i == 13 || i == 18 || i == 23) {
      if (c != '-') return std::nullopt;
      continue;
    }
    int value;
    if (c >= '0' && c <= '9')
      value = c - '0';
    else if (c >= 'a' && c <= 'f')
      value = c - 'a' + 10;
    else if (c >= 'A' && c <= 'F')
      value = c - 'A' + 10;
    else
      return std::nullopt;
    bytes[digits / 2] = static_cast<uint8_t>(bytes[digits / 2] << 4 | value);
    ++digits;
  }
  GUID guid;
  guid.Data1 = static_cast<uint32_t>(bytes[0]) << 24 | bytes[1] << 16 | bytes[2] << 8 | bytes[3];
  guid.Data2 = static_cast<uint16_t>(bytes[4] << 8 | bytes[5]);
  guid.Data3 = static_cast<uint16_t>(bytes[6] << 8 | bytes[7]);
  std::memcpy(guid.Data4, bytes + 8, sizeof guid.Data4);
  return guid;
}

HRESULT fromSystemError(ULONG error) noexcept {
  return HRESULT_FROM_WIN32(error);
}

namespace {

template <class Character>
std::unique_ptr<Character, CoTaskMemDelete> copyOut(const std::basic_string<Character>& text) {
  const size_t size = (text.size() + 1) * sizeof(Character);
  std::unique_ptr<Character, CoTaskMemDelete> copy(static_cast<Character*>(CallerMemory::allocate(size)));
  std::memcpy(copy.get(), text.c_str(), size);
  return copy;
}

}  // namespace

OutText outText(const Text& text) {
  return copyOut(text);
}
OutAscii outAscii(const std::string& text) {
  return copyOut(text);
}

bool RefCounted::tryAddReference() noexcept {
  ULONG count = references_.load();
  while (count != 0 && !references_.compare_exchange_weak(count, count + 1)) {
  }
  return count != 0;
}

}  // namespace vdsc
