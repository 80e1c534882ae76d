#include "cache/cache.h"

#include <algorithm>

namespace vdsc {
namespace {

constexpr std::string_view kMagic = "VDSCACH1";

uint32_t checksumOf(const Key& key, const Bytes& payload) noexcept {
  const auto kind = static_cast<uint8_t>(key.kind);
  uint32_t checksum = crc32(&kind, sizeof kind);
  checksum = crc32(reinterpret_cast<const uint8_t*>(&key.id), sizeof key.id, checksum);
  return crc32(payload.data(), payload.size(), checksum);
}

}  // namespace

bool operator==(const Key& a, const Key& b) noexcept {
  return a.kind == b.kind && a.id == b.id;
}
bool operator<(const Key& a, const Key& b) noexcept {
  return a.kind != b.kind ? a.kind < b.kind : std::memcmp(&a.id, &b.id, sizeof a.id) < 0;
}

bool CacheRecord::intact() const noexcept {
  return checksum == checksumOf(key, payload);
}

// The file: the magic, then records of kind (1 byte), id (16), length of the payload (4), checksum of kind, id and
// payload (4), payload. Where a length makes no sense, the records before it are still good and the rest is lost.

CacheImage::CacheImage(const Bytes& file) {
  if (file.size() < kMagic.size() || std::memcmp(file.data(), kMagic.data(), kMagic.size()) != 0) return;
  Reader reader(file.data() + kMagic.size(), file.size() - kMagic.size());
  try {
    while (reader.left() > 0) {
      CacheRecord record;
      uint8_t kind = 0;
      uint32_t length = 0;
      reader(kind, record.key.id, length, record.checksum);
      record.key.kind = static_cast<Kind>(kind);
      record.offset = file.size() - reader.left();
      const uint8_t* payload = reader.take(length);
      record.payload.assign(payload, payload + length);
      records_.push_back(std::move(record));
    }
  } catch (const Reader::Malformed&) {
  }
}

Bytes CacheImage::toFile() const {
  Writer writer;
  writer.bytes.assign(kMagic.begin(), kMagic.end());
  for (const CacheRecord& record : records_) {
    writer(static_cast<uint8_t>(record.key.kind), record.key.id, static_cast<uint32_t>(record.payload.size()),
           record.checksum);
    writer.bytes.insert(writer.bytes.end(), record.payload.begin(), record.payload.end());
  }
  return std::move(writer.bytes);
}

const CacheRecord* CacheImage::find(const Key& key) const noexcept {
  const auto found =
      std::find_if(records_.begin(), records_.end(), [&key](const CacheRecord& r) { return r.key == key; });
  return found == records_.end() ? nullptr : &*found;
}

bool CacheImage::verifies(const Known& known) const {
  const std::optional<DirectoryEntry> directory = get<DirectoryEntry>(kNullGuid);
  if (!directory) return false;
  Ids reached = directory->subSystems;
  try {
    // The list grows while it is walked through.
    for (size_t i = 0; i < reached.size(); ++i) {
      const auto device = known.find(reached[i]);
      if (device == known.end()) return false;
      const Ids listed = withEntryOf(
          device->second.kind, [&](auto tag) { return verified<typename decltype(tag)::Type>(reached[i]).listed(); });
      for (const GUID& id : listed)
        if (!contains(reached, id)) reached.push_back(id);
    }
  } catch (const Failure&) {
    return false;
  }
  return true;
}

void CacheImage::set(const Key& key, Bytes payload) {
  auto record = std::find_if(records_.begin(), records_.end(), [&key](const CacheRecord& r) { return r.key == key; });
  if (record == records_.end()) {
    record = records_.insert(record, CacheRecord());
    record->key = key;
  }
  record->checksum = checksumOf(key, payload);
  record->payload = std::move(payload);
}

void CacheImage::erase(const Key& key) {
  records_.erase(
      std::remove_if(records_.begin(), records_.end(), [&key](const CacheRecord& r) { return r.key == key; }),
      records_.end());
}

CacheImage Cache::read() const {
  // No file is an empty cache: every entry is missing.
  return CacheImage(readFile(file_).value_or(Bytes()));
}

Replacement Cache::prepare(const CacheImage& image) {
  Replacement replacement(file_, image.toFile());
  for (const Key& key : image.written()) {
    const CacheRecord* record = image.find(key);
    if (!record) continue;
    const auto [known, isNew] = versions_.try_emplace(key);
    Versions& versions = known->second;
    if (!isNew && versions.present != record->payload) versions.earlier = std::move(versions.present);
    versions.present = record->payload;
  }
  return replacement;
}

const Bytes* Cache::earlier(const Key& key) const {
  const auto known = versions_.find(key);
  return known != versions_.end() && known->second.earlier ? &*known->second.earlier : nullptr;
}

}  // namespace vdsc
