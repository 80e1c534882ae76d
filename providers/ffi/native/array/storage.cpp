#include "array/storage.h"

#include <array>
#include <cerrno>
#include <cstdio>

namespace vdsc {
namespace {

constexpr std::array<uint32_t, 256> crcTable() {
  std::array<uint32_t, 256> table = {};
  for (uint32_t i = 0; i < table.size(); ++i) {
    uint32_t value = i;
    for (int bit = 0; bit < 8; ++bit) value = (value & 1) ? (value >> 1) ^ 0xEDB88320u : value >> 1;
    table[i] = value;
  }
  return table;
}

struct FileClose {
  void operator()(std::FILE* file) const noexcept { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, FileClose>;

File openFile(const std::filesystem::path& path, const char* mode) {
#ifdef _WIN32
  return File(_wfopen(path.c_str(), std::wstring(mode, mode + std::strlen(mode)).c_str()));
#else
  return File(std::fopen(path.c_str(), mode));
#endif
}

void write(File file, const Bytes& bytes) {
  const bool written = std::fwrite(bytes.data(), 1, bytes.size(), file.get()) == bytes.size();
  // The last bytes leave the buffer when the file is closed, so closing can fail too.
  if (std::fclose(file.release()) != 0 || !written) fail(fromSystemError(kErrorWriteFault));
}

}  // namespace

uint32_t crc32(const uint8_t* bytes, size_t size, uint32_t seed) noexcept {
  static constexpr std::array<uint32_t, 256> table = crcTable();
  uint32_t crc = ~seed;
  for (size_t i = 0; i < size; ++i) crc = table[(crc ^ bytes[i]) & 0xFF] ^ (crc >> 8);
  return ~crc;
}

std::string hex(const Bytes& bytes) {
  std::string text;
  text.reserve(2 * bytes.size());
  for (const uint8_t byte : bytes) {
    text += "0123456789abcdef"[byte >> 4];
    text += "0123456789abcdef"[byte & 0xF];
  }
  return text;
}

std::optional<Bytes> readFile(const std::filesystem::path& path) {
  const File file = openFile(path, "rb");
  if (!file) {
    if (errno == ENOENT) return std::nullopt;
    if (errno == ENOMEM) throw std::bad_alloc();
    fail(fromSystemError(kErrorReadFault));
  }
  Bytes bytes;
  uint8_t block[4096];
  while (const size_t count = std::fread(block, 1, sizeof block, file.get()))
    bytes.insert(bytes.end(), block, block + count);
  if (std::ferror(file.get())) fail(fromSystemError(kErrorReadFault));
  return bytes;
}

Replacement::Replacement(std::filesystem::path file, const Bytes& bytes) : file_(std::move(file)), temporary_(file_) {
  temporary_ += ".new";
  File opened = openFile(temporary_, "wb");
  if (!opened) fail(fromSystemError(kErrorWriteFault));
  write(std::move(opened), bytes);
}

void Replacement::commit() const {
  std::error_code error;
  std::filesystem::rename(temporary_, file_, error);
  if (error) fail(fromSystemError(kErrorWriteFault));
}

void patchFile(const std::filesystem::path& path, size_t offset, const Bytes& bytes) {
  File file = openFile(path, "r+b");
  if (!file || std::fseek(file.get(), static_cast<long>(offset), SEEK_SET) != 0)
    fail(fromSystemError(kErrorWriteFault));
  write(std::move(file), bytes);
}

}  // namespace vdsc
