// IVdsHwProvider::Reenumerate and Refresh: what a caller does about VDS_E_PROVIDER_CACHE_CORRUPT. Reenumerate finds out which subsystems are
// attached; Refresh reads all that the provider caches about those anew from the array.
#include <random>

#include "defects.h"
#include "provider.h"

namespace vdsc {
namespace {

template <class Record>
std::vector<GUID> idsOf(const std::vector<Record>& records) {
  std::vector<GUID> ids;
  for (const Record& record : records) ids.push_back(record.id);
  return ids;
}

void addKeys(std::set<Key>& keys, Kind kind, const std::vector<GUID>& ids) {
  for (const GUID& id : ids) keys.insert({kind, id});
}

/** The devices that some part of the cache names. */
std::set<Key> namedDevices(const CacheImage& cache) {
  std::set<Key> keys;
  for (const CacheRecord& record : cache.records()) {
    if (record.key.kind != Kind::directory) keys.insert(record.key);
    if (record.key.kind != Kind::subSystem) continue;
    if (const std::optional<SubSystemEntry> entry = cache.get<SubSystemEntry>(record.key.id)) {
      addKeys(keys, Kind::lun, entry->luns);
      addKeys(keys, Kind::target, entry->targets);
    }
  }
  if (const std::optional<DirectoryEntry> directory = cache.get<DirectoryEntry>(kNullGuid)) addKeys(keys, Kind::subSystem, directory->subSystems);
  return keys;
}

ULONG arriveEvent(Kind kind) noexcept { return kind == Kind::lun ? VDS_NF_LUN_ARRIVE : VDS_NF_TARGET_ARRIVE; }

}  // namespace

void Provider::cacheSubSystem(CacheImage& cache, const SubSystemRecord& subSystem) {
  const GUID& id = subSystem.facts.id;
  cache.put(id, SubSystemEntry{subSystem.facts, idsOf(subSystem.luns), idsOf(subSystem.targets)});
  for (const LunRecord& lun : subSystem.luns) cache.put(lun.id, LunEntry{id, lun});
  for (const TargetRecord& target : subSystem.targets) cache.put(target.id, TargetEntry{id, target});
}

void Provider::cacheDirectory(CacheImage& cache, const System& system, const std::set<GUID, GuidLess>& known) {
  DirectoryEntry directory;
  for (const SubSystemRecord& subSystem : system.subSystems)
    if (subSystem.connected && known.count(subSystem.facts.id)) directory.subSystems.push_back(subSystem.facts.id);
  cache.put(kNullGuid, directory);
}

CacheImage Provider::cacheOf(const System& system, const std::set<GUID, GuidLess>& known) {
  CacheImage cache;
  for (const SubSystemRecord& subSystem : system.subSystems)
    if (subSystem.connected && known.count(subSystem.facts.id)) cacheSubSystem(cache, subSystem);
  cacheDirectory(cache, system, known);
  return cache;
}

std::set<GUID, GuidLess> Provider::knownSubSystems(const CacheImage& cache) const {
  std::set<GUID, GuidLess> ids;
  for (const Key& key : namedDevices(cache))
    if (key.kind == Kind::subSystem) ids.insert(key.id);
  for (const Key& key : registry_.alive())
    if (key.kind == Kind::subSystem) ids.insert(key.id);
  return ids;
}

bool Provider::isKnown(const CacheImage& cache, const Key& key) const {
  const CacheRecord* record = cache.find(key);
  return (record && record->intact()) || registry_.isAlive(key);
}

HRESULT Provider::Reenumerate() {
  return answer([this] {
    Call call(*this);
    if constexpr (kDefect == Defect::hang_in_reenumerate)
      for (volatile bool scanning = true; scanning;) {
      }
    System system = array().read();
    std::set<GUID, GuidLess> known = knownSubSystems(call.cache);
    for (const GUID& id : known)
      if (!system.connected(id)) call.forget({Kind::subSystem, id});
    for (const SubSystemRecord& subSystem : system.subSystems) {
      if (!subSystem.connected || !known.insert(subSystem.facts.id).second) continue;
      cacheSubSystem(call.cache, subSystem);
      call.notify(VDS_NF_SUB_SYSTEM_ARRIVE, {Kind::subSystem, subSystem.facts.id});
    }
    cacheDirectory(call.cache, system, known);
    call.save();
    reenumerated_ = true;
    return S_OK;
  });
}

HRESULT Provider::Refresh() {
  return answer([this] {
    Call call(*this);
    // Refresh alone trusts the list of attached subsystems, and a damaged cache may hold a damaged list: Reenumerate has to come first.
    if (!reenumerated_ && !call.cache.verifies()) fail(VDS_E_PROVIDER_CACHE_CORRUPT);
    if constexpr (kDefect == Defect::crash_in_refresh) {
      const volatile CacheRecord* record = call.cache.find({Kind::subSystem, kNullGuid});
      if (record->offset > 0) fail(VDS_E_PROVIDER_CACHE_CORRUPT);
    }
    CacheImage fresh = cacheOf(array().read(), knownSubSystems(call.cache));
    std::set<Key> before = namedDevices(call.cache);
    for (const Key& key : registry_.alive()) before.insert(key);
    // Subsystems first, by the order of keys: with one, its members are forgotten without an event of their own.
    for (const Key& key : before)
      if (!fresh.find(key)) call.forget(key);
    for (const CacheRecord& record : fresh.records())
      if ((record.key.kind == Kind::lun || record.key.kind == Kind::target) && !before.count(record.key)) call.notify(arriveEvent(record.key.kind), record.key);
    call.cache = std::move(fresh);
    call.save();
    if constexpr (kDefect == Defect::new_guids)
      if (reenumerated_) {
        idMask_ = std::random_device()();
        for (const Key& key : registry_.alive())
          if (key.kind == Kind::lun) registry_.markDeleted(key);
      }
    reenumerated_ = false;
    return S_OK;
  });
}

}  // namespace vdsc
