// Bytes on disk: how records become bytes and back, their checksum, and whole files that are read and replaced
// atomically.
#pragma once

#include <cstring>
#include <filesystem>
#include <type_traits>

#include "com/base.h"

namespace vdsc {

/** CRC-32 (IEEE 802.3) of the bytes, continued from `seed`, the checksum of what came before them. */
uint32_t crc32(const uint8_t* bytes, size_t size, uint32_t seed = 0) noexcept;

std::string hex(const Bytes& bytes);

/** The file's bytes; nothing when there is no such file. Throws Failure when it cannot be read. */
std::optional<Bytes> readFile(const std::filesystem::path& path);
/** New contents of a file, written under a temporary name. Until commit() nothing has changed; a reader, or a process
 * killed meanwhile, finds the old file or the new one whole. */
class Replacement {
 public:
  Replacement(std::filesystem::path file, const Bytes& bytes);
  /** Needs no memory. */
  void commit() const;

 private:
  std::filesystem::path file_, temporary_;
};
/** Overwrites bytes in the middle of the file. */
void patchFile(const std::filesystem::path& path, size_t offset, const Bytes& bytes);

template <class T>
struct IsVector : std::false_type {};
template <class T>
struct IsVector<std::vector<T>> : std::true_type {};

/**
 * Turns values into bytes of the host's byte order: numbers and GUIDs as they are, text and vectors after their length,
 * and records member by member, in the order in which their static function `fields` names them.
 */
class Writer {
 public:
  template <class... T>
  void operator()(const T&... values) {
    (put(values), ...);
  }
  Bytes bytes;

 private:
  void raw(const void* data, size_t size) {
    const auto* first = static_cast<const uint8_t*>(data);
    bytes.insert(bytes.end(), first, first + size);
  }
  void length(size_t count) { put(static_cast<uint32_t>(count)); }

  template <class T>
  void put(const T& value) {
    if constexpr (std::is_integral_v<T> || std::is_same_v<T, GUID>) {
      raw(&value, sizeof value);
    } else if constexpr (std::is_same_v<T, Text>) {
      length(value.size());
      raw(value.data(), value.size() * sizeof(WCHAR));
    } else if constexpr (IsVector<T>::value) {
      length(value.size());
      for (const auto& item : value) put(item);
    } else {
      T::fields(value, *this);
    }
  }
};

/** The reverse of Writer. Never reads past the end, whatever the bytes say: they may come from a damaged file. */
class Reader {
 public:
  struct Malformed {};

  Reader(const uint8_t* bytes, size_t size) : next_(bytes), left_(size) {}
  template <class... T>
  void operator()(T&... values) {
    (get(values), ...);
  }
  size_t left() const noexcept { return left_; }
  const uint8_t* take(size_t size) {
    if (size > left_) throw Malformed();
    left_ -= size;
    return std::exchange(next_, next_ + size);
  }

 private:
  /** A length that the remaining bytes can hold: a damaged one must not make us allocate gigabytes. */
  size_t length(size_t itemSize) {
    uint32_t count = 0;
    get(count);
    if (count > left_ / itemSize) throw Malformed();
    return count;
  }

  template <class T>
  void get(T& value) {
    if constexpr (std::is_integral_v<T> || std::is_same_v<T, GUID>) {
      std::memcpy(&value, take(sizeof value), sizeof value);
    } else if constexpr (std::is_same_v<T, Text>) {
      value.resize(length(sizeof(WCHAR)));
      const size_t size = value.size() * sizeof(WCHAR);
      if (size > 0) std::memcpy(value.data(), take(size), size);
    } else if constexpr (IsVector<T>::value) {
      value.resize(length(1));
      for (auto& item : value) get(item);
    } else {
      T::fields(value, *this);
    }
  }

  const uint8_t* next_;
  size_t left_;
};

template <class Record>
Bytes toBytes(const Record& record) {
  Writer writer;
  writer(record);
  return std::move(writer.bytes);
}

/** The record that the bytes hold; nothing when they do not hold exactly one. */
template <class Record>
std::optional<Record> fromBytes(const Bytes& bytes) {
  try {
    Reader reader(bytes.data(), bytes.size());
    Record record;
    reader(record);
    if (reader.left() == 0) return record;
  } catch (const Reader::Malformed&) {
  }
  return std::nullopt;
}

}  // namespace vdsc
