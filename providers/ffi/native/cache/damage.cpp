#include "cache/damage.h"

namespace vdsc {
namespace {

std::string inCache(const Cache& cache, size_t offset) {
  return cache.fileName() + " offset " + std::to_string(offset);
}

Bytes payloadOf(const Cache& cache, const Key& key) {
  const CacheImage image = cache.read();
  const CacheRecord* record = image.find(key);
  return record ? record->payload : Bytes();
}

/** Overwrites part of the payload where it lies in the file, so that the checksum no longer fits. */
template <class Overwrite>
Alteration overwrite(const Cache& cache, const CacheRecord& record, size_t first, size_t end,
                     Overwrite&& overwriteByte) {
  Bytes bytes(record.payload.begin() + first, record.payload.begin() + end);
  const Bytes before = bytes;
  for (uint8_t& byte : bytes) byte = overwriteByte(byte);
  cache.patch(record.offset + first, bytes);
  const Bytes after = payloadOf(cache, record.key);
  return {
      inCache(cache, record.offset + first), hex(before), hex(Bytes(after.begin() + first, after.begin() + end)), {}};
}

/** The payload with a reference to a device that does not exist. */
Bytes dangling(const CacheImage& image, const Key& key) {
  return withEntryOf(key.kind, [&](auto tag) {
    using Entry = typename decltype(tag)::Type;
    std::optional<Entry> entry = image.get<Entry>(key.id);
    if (!entry) fail(VDS_E_NOT_SUPPORTED);  // Already damaged.
    if constexpr (Entry::kind == Kind::subSystem)
      entry->luns.push_back(newGuid());
    else
      entry->parent = newGuid();
    return toBytes(*entry);
  });
}

}  // namespace

Alteration damage(Cache& cache, CacheImage image, VDSC_FAULT_KIND kind, const CacheRecord& record, size_t faultNumber) {
  const size_t size = record.payload.size();
  if (size < 4) fail(VDS_E_NOT_SUPPORTED);  // Damaged beyond what more damage could show.
  if (kind == VDSC_FK_FLIPPED_BYTES) {
    // Another place for each fault: the same bits flipped twice would be a repair.
    const size_t first = faultNumber % (size - 3);
    return overwrite(cache, record, first, first + 4, [](uint8_t byte) { return byte ^ 0x5A; });
  }
  // As if power had failed half-way: what was not written reads as an erased block does.
  if (kind == VDSC_FK_TORN_WRITE) return overwrite(cache, record, size / 2, size, [](uint8_t) { return 0xFF; });

  if (kind == VDSC_FK_LOST_ENTRY) {
    image.erase(record.key);
  } else if (kind == VDSC_FK_DANGLING_REFERENCE) {
    image.set(record.key, dangling(image, record.key));
  } else {
    const Bytes* earlier = cache.earlier(record.key);
    if (!earlier) fail(VDS_E_NOT_SUPPORTED);
    image.set(record.key, *earlier);
  }
  cache.write(image);
  return {inCache(cache, record.offset), hex(record.payload), hex(payloadOf(cache, record.key)), {}};
}

}  // namespace vdsc
