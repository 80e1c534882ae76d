// The provider's cache of attached devices: the file cache.bin, one checksummed record for each device and one, the
// directory, that lists the subsystems. The file is read on every call and nothing of it is kept in memory, so bytes
// that change behind the provider's back are noticed by the very next call that touches them. A damaged record stays as
// it is until Refresh writes it anew.
#pragma once

#include <map>
#include <set>

#include "cache/entries.h"

namespace vdsc {

/** The kind and id of a record. The directory's id is GUID_NULL. */
struct Key {
  Kind kind = Kind::directory;
  GUID id = {};
};
bool operator==(const Key& a, const Key& b) noexcept;
bool operator<(const Key& a, const Key& b) noexcept;

struct ById {
  bool operator()(const GUID& a, const GUID& b) const noexcept { return std::memcmp(&a, &b, sizeof a) < 0; }
};
struct KnownDevice {
  Kind kind = Kind::subSystem;
  /** Its container; GUID_NULL for a subsystem. */
  GUID parent = {};
};
/** The devices that a provider has learnt of and not yet seen go: which there are, never what they are, which only the
 * cache says. */
using Known = std::map<GUID, KnownDevice, ById>;

struct CacheRecord {
  Key key;
  uint32_t checksum = 0;
  Bytes payload;
  /** Where the payload starts in the file. */
  size_t offset = 0;

  bool intact() const noexcept;
};

/** The records of the file at one moment, damaged ones included, and the changes that a call makes to them. */
class CacheImage {
 public:
  CacheImage() = default;
  explicit CacheImage(const Bytes& file);
  Bytes toFile() const;

  const std::vector<CacheRecord>& records() const noexcept { return records_; }
  const CacheRecord* find(const Key& key) const noexcept;

  /** The record; nothing when it is missing or damaged. */
  template <class Entry>
  std::optional<Entry> get(const GUID& id) const {
    const CacheRecord* record = find({Entry::kind, id});
    return record && record->intact() ? fromBytes<Entry>(record->payload) : std::nullopt;
  }
  /** The same for a call that cannot do without. Throws VDS_E_PROVIDER_CACHE_CORRUPT. */
  template <class Entry>
  Entry need(const GUID& id) const {
    std::optional<Entry> entry = get<Entry>(id);
    if (!entry) fail(VDS_E_PROVIDER_CACHE_CORRUPT);
    return std::move(*entry);
  }
  /** An entry together with its containers: a LUN whose subsystem is missing or damaged is as useless as a damaged one.
   */
  template <class Entry>
  Entry verified(const GUID& id) const {
    Entry entry = need<Entry>(id);
    if constexpr (Entry::kind == Kind::plex)
      verified<LunEntry>(entry.parent);
    else if constexpr (Entry::kind == Kind::port)
      verified<ControllerEntry>(entry.parent);
    else if constexpr (Entry::kind == Kind::portalGroup)
      verified<TargetEntry>(entry.parent);
    else if constexpr (Entry::kind != Kind::subSystem && Entry::kind != Kind::directory)
      need<SubSystemEntry>(entry.parent);
    return entry;
  }
  /** Whether everything that can be reached from the directory is there, undamaged, and known. */
  bool verifies(const Known& known) const;

  /** Writes an entry as the provider does. */
  void put(const Key& key, Bytes payload) {
    set(key, std::move(payload));
    written_.insert(key);
  }
  /** The same for a fault: such a payload never counts as a version of the entry. */
  void set(const Key& key, Bytes payload);
  void erase(const Key& key);
  const std::set<Key>& written() const noexcept { return written_; }

 private:
  std::vector<CacheRecord> records_;
  std::set<Key> written_;
};

class Cache {
 public:
  explicit Cache(std::filesystem::path file) : file_(std::move(file)) {}
  CacheImage read() const;
  Replacement prepare(const CacheImage& image);
  void write(const CacheImage& image) { prepare(image).commit(); }
  /** Overwrites bytes of the file, past all checksums. */
  void patch(size_t offset, const Bytes& bytes) const { patchFile(file_, offset, bytes); }

  /** The payload before the present one; NULL if this is the first. Only faults ask: calls
   * read the file. */
  const Bytes* earlier(const Key& key) const;
  std::string fileName() const { return file_.filename().string(); }

 private:
  struct Versions {
    Bytes present;
    std::optional<Bytes> earlier;
  };
  std::filesystem::path file_;
  std::map<Key, Versions> versions_;
};

}  // namespace vdsc
