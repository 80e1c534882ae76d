#include "call.h"

#include <algorithm>

#include "provider.h"

namespace vdsc {
namespace {

/** IVdsAdviseSink::OnNotify takes 1 to 100 notifications. */
constexpr size_t kMaxNotifications = 100;

VDS_NOTIFICATION makeNotification(ULONG event, const Key& key, const GUID& id) {
  VDS_NOTIFICATION notification = {};
  switch (key.kind) {
    case Kind::subSystem:
      notification.objectType = VDS_NTT_SUB_SYSTEM;
      notification.SubSystem = {event, id};
      break;
    case Kind::lun:
      notification.objectType = VDS_NTT_LUN;
      notification.Lun = {event, id};
      break;
    default:
      notification.objectType = VDS_NTT_TARGET;
      notification.Target = {event, id};
  }
  return notification;
}

ULONG departEvent(Kind kind) noexcept {
  return kind == Kind::subSystem ? VDS_NF_SUB_SYSTEM_DEPART : kind == Kind::lun ? VDS_NF_LUN_DEPART : VDS_NF_TARGET_DEPART;
}

/** Removes the id; false when it was not there. */
bool removeId(std::vector<GUID>& ids, const GUID& id) {
  const auto end = std::remove(ids.begin(), ids.end(), id);
  if (end == ids.end()) return false;
  ids.erase(end, ids.end());
  return true;
}

template <class Entry>
bool belongsTo(const CacheImage& cache, const Key& key, const GUID& subSystem) {
  if (key.kind != Entry::kind) return false;
  const std::optional<Entry> entry = cache.get<Entry>(key.id);
  return entry && entry->parent == subSystem;
}

}  // namespace

Call::Call(Provider& provider, Needs needs) : provider_(provider), lock_(provider.state_->mutex) {
  if (provider.isLoaded()) cache = provider.cache_->read();
  else if (needs == Needs::load) fail(VDS_E_INITIALIZE_NOT_CALLED);
}

Call::~Call() {
  const Ref<IVdsAdviseSink> sink = provider_.sink_;
  lock_.unlock();
  if (!sink) return;
  for (size_t sent = 0; sent < notifications_.size(); sent += kMaxNotifications) {
    const size_t count = std::min(kMaxNotifications, notifications_.size() - sent);
    // What the sink answers is its own affair: S_FALSE, for one, says that VDS has lost notifications.
    sink->OnNotify(static_cast<LONG>(count), notifications_.data() + sent);
  }
}

void Call::save() {
  if (provider_.isLoaded()) provider_.cache_->write(cache);
}

void Call::commit(const System& system, ULONG event, const Key& key) {
  notifications_.reserve(notifications_.size() + 1);
  const Replacement array = provider_.array().prepare(system);
  const Replacement cached = provider_.cache_->prepare(cache);
  array.commit();
  cached.commit();
  if (event != 0) notify(event, key);
}

void Call::notify(ULONG event, const Key& key) {
  notifications_.push_back(makeNotification(event, key, key.kind == Kind::lun ? provider_.publishedId(key.id) : key.id));
}

void Call::drop(const Key& key) {
  const std::vector<CacheRecord> records = cache.records();
  if (key.kind == Kind::subSystem) {
    std::optional<DirectoryEntry> directory = cache.get<DirectoryEntry>(kNullGuid);
    if (directory && removeId(directory->subSystems, key.id)) cache.put(kNullGuid, *directory);
    for (const CacheRecord& record : records)
      if (belongsTo<LunEntry>(cache, record.key, key.id) || belongsTo<TargetEntry>(cache, record.key, key.id)) cache.erase(record.key);
  } else {
    // Whoever lists it: the entry that would name its subsystem may be the damaged one.
    for (const CacheRecord& record : records) {
      if (record.key.kind != Kind::subSystem) continue;
      std::optional<SubSystemEntry> entry = cache.get<SubSystemEntry>(record.key.id);
      if (entry && removeId(key.kind == Kind::lun ? entry->luns : entry->targets, key.id)) cache.put(record.key.id, *entry);
    }
  }
  cache.erase(key);
}

void Call::forget(const Key& key) {
  drop(key);
  provider_.registry().markDeleted(key);
  Known& known = provider_.known();
  if (known.erase(key) == 0) return;
  if (key.kind == Kind::subSystem)
    for (auto device = known.begin(); device != known.end();) device = device->second == key.id ? known.erase(device) : std::next(device);
  notify(departEvent(key.kind), key);
}

void Call::gone(const Key& key) {
  forget(key);
  save();
  fail(VDS_E_OBJECT_DELETED);
}

SubSystemRecord& Call::reach(System& system, const GUID& subSystem) {
  SubSystemRecord* record = system.connected(subSystem);
  if (!record) gone({Kind::subSystem, subSystem});
  return *record;
}

}  // namespace vdsc
