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

ULONG arriveEvent(Kind kind) noexcept { return kind == Kind::lun ? VDS_NF_LUN_ARRIVE : VDS_NF_TARGET_ARRIVE; }

}  // namespace

void Provider::cacheSubSystem(CacheImage& cache, const SubSystemRecord& subSystem, Known& learnt) {
  const GUID& id = subSystem.facts.id;
  cache.put(id, SubSystemEntry{subSystem.facts, idsOf(subSystem.luns), idsOf(subSystem.targets)});
  learnt[{Kind::subSystem, id}] = kNullGuid;
  for (const LunRecord& lun : subSystem.luns) {
    cache.put(lun.id, LunEntry{id, lun});
    learnt[{Kind::lun, lun.id}] = id;
  }
  for (const TargetRecord& target : subSystem.targets) {
    cache.put(target.id, TargetEntry{id, target});
    learnt[{Kind::target, target.id}] = id;
  }
}

void Provider::cacheDirectory(CacheImage& cache, const System& system, const Known& known) {
  DirectoryEntry directory;
  for (const SubSystemRecord& subSystem : system.subSystems)
    if (known.count({Kind::subSystem, subSystem.facts.id})) directory.subSystems.push_back(subSystem.facts.id);
  cache.put(kNullGuid, directory);
}

CacheImage Provider::cacheOf(const System& system, const Known* only, Known& learnt) {
  CacheImage cache;
  for (const SubSystemRecord& subSystem : system.subSystems)
    if (subSystem.connected && (!only || only->count({Kind::subSystem, subSystem.facts.id}))) cacheSubSystem(cache, subSystem, learnt);
  cacheDirectory(cache, system, learnt);
  return cache;
}

HRESULT Provider::Reenumerate() {
  return answer([this] {
    Call call(*this);
    if constexpr (kDefect == Defect::hang_in_reenumerate)
      for (volatile bool scanning = true; scanning;) {
      }
    System system = array().read();
    for (const auto& [key, parent] : Known(known_))
      if (key.kind == Kind::subSystem && !system.connected(key.id)) call.forget(key);
    Known known = known_;
    std::vector<Key> arrived;
    for (const SubSystemRecord& subSystem : system.subSystems) {
      const Key key = {Kind::subSystem, subSystem.facts.id};
      if (!subSystem.connected || known.count(key)) continue;
      cacheSubSystem(call.cache, subSystem, known);
      arrived.push_back(key);
    }
    // The entries of subsystems known before stay as they are: they are for Refresh.
    cacheDirectory(call.cache, system, known);
    call.save();
    known_.swap(known);
    for (const Key& key : arrived) call.notify(VDS_NF_SUB_SYSTEM_ARRIVE, key);
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
    Known known;
    CacheImage fresh = cacheOf(array().read(), &known_, known);
    // Subsystems first, by the order of keys: with one, its members are forgotten without an event of their own.
    for (const auto& [key, parent] : Known(known_))
      if (!known.count(key) && known_.count(key)) call.forget(key);
    call.cache = std::move(fresh);
    call.save();
    known_.swap(known);
    for (const auto& [key, parent] : known_)
      if (!known.count(key)) call.notify(arriveEvent(key.kind), key);
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
