#include "cache/learning.h"

#include <algorithm>

namespace vdsc {
namespace {

/** Whether a drive, controller or port was taken out of use, which VDS tells by an event of its own. */
template <class Entry>
bool isRemoved(const Entry& before, const Entry& after) {
  if constexpr (Entry::kind == Kind::drive || Entry::kind == Kind::controller)
    return after.record.standing.status == VDS_DRS_OFFLINE && before.record.standing.status != VDS_DRS_OFFLINE;
  if constexpr (Entry::kind == Kind::port)
    return after.record.status == VDS_PRS_OFFLINE && before.record.status != VDS_PRS_OFFLINE;
  return false;
}

}  // namespace

void Learning::load() {
  Ids connected;
  for (SubSystemRecord& subSystem : array_.subSystems) {
    if (!subSystem.connected) continue;
    reload(subSystem);
    connected.push_back(subSystem.facts.id);
  }
  writeDirectory(connected);
}

void Learning::reenumerate() {
  for (const GUID& id : subSystems()) {
    if (array_.connected(id)) continue;
    forget(id);
    news.add(Kind::subSystem, id, kNullGuid, Change::depart);
  }
  Ids connected;
  for (SubSystemRecord& subSystem : array_.subSystems) {
    if (!subSystem.connected) continue;
    const GUID id = subSystem.facts.id;
    connected.push_back(id);
    if (known.count(id)) continue;
    News held;
    std::swap(held, news);
    reload(subSystem);
    std::swap(held, news);  // Its contents are not announced.
    news.add(Kind::subSystem, id, kNullGuid, Change::arrive);
  }
  writeDirectory(connected);
}

void Learning::refresh() {
  for (const GUID& id : cache.need<DirectoryEntry>(kNullGuid).subSystems) {
    if (SubSystemRecord* subSystem = array_.connected(id))
      reload(*subSystem);
    else
      depart(id);
  }
}

void Learning::update(const Ids& ids) {
  follow(ids, ids.size());
}

void Learning::depart(const GUID& id) {
  follow(letGo(id), 0);
}

/** The first `told` ids are those that the array told of; the others follow from them. */
void Learning::follow(Ids ids, size_t told) {
  // The list grows while it is walked through.
  for (size_t i = 0; i < ids.size(); ++i)
    for (const GUID& other : visit(GUID(ids[i]), i < told))
      if (!contains(ids, other)) ids.push_back(other);
}

/** Brings one device up to date. Answers which others are concerned; of one that is only listed by another that
 * changed, no further ones. */
Ids Learning::visit(const GUID& id, bool itself) {
  const std::optional<Found> found = array_.find(id);
  const bool isKnown = known.count(id) != 0;
  if (!found) return isKnown ? letGo(id) : Ids();
  return isKnown ? renew(*found, itself) : takeIn(*found);
}

Ids Learning::takeIn(const Found& found) {
  if (found.kind == Kind::subSystem) {
    News held;
    std::swap(held, news);
    reload(*found.subSystem);
    std::swap(held, news);
    news.add(Kind::subSystem, found.id, kNullGuid, Change::arrive);
    if (std::optional<DirectoryEntry> directory = cache.get<DirectoryEntry>(kNullGuid)) {
      if (!contains(directory->subSystems, found.id)) directory->subSystems.push_back(found.id);
      writeDirectory(directory->subSystems);
    }
    return {};
  }
  if (!known.count(found.parent)) return {};
  news.add(found.kind, found.id, found.parent, Change::arrive);
  known[found.id] = {found.kind, found.parent};
  Ids concerned = {found.parent};
  append(concerned, takeInHeld(found));
  const Bytes payload = entry(found);
  cache.put({found.kind, found.id}, payload);
  append(concerned, concernedBy(found.kind, payload));
  return concerned;
}

/** Learns the new members of a device, so that its entry can list them. */
Ids Learning::takeInHeld(const Found& found) {
  Ids concerned;
  for (const Found& held : heldBy(found))
    if (!known.count(held.id)) append(concerned, takeIn(held));
  return concerned;
}

/** An entry that does not verify is left alone: writing it here would hide the damage from the calls that should find
 * it. */
Ids Learning::renew(const Found& found, bool itself) {
  known[found.id].parent = found.parent;  // A plex may have gone to another LUN.
  const std::optional<Bytes> before = soundPayload(found.id);
  if (!before) return {};
  Ids concerned = takeInHeld(found);
  const Bytes after = entry(found);
  if (*before == after) return concerned;
  cache.put({found.kind, found.id}, after);
  tellOfChange(found, *before, after);
  for (const Found& held : heldBy(found)) concerned.push_back(held.id);
  if (itself || found.kind == Kind::plex) {
    append(concerned, concernedBy(found.kind, *before));
    append(concerned, concernedBy(found.kind, after));
  }
  return concerned;
}

Ids Learning::letGo(const GUID& id) {
  const KnownDevice device = known.at(id);
  const GUID subSystem = subSystemOf(id);
  Ids leaving = {id};
  append(leaving, heldObjects(id));
  Ids concerned;
  bool isAllKnown = true;
  for (const GUID& one : leaving) {
    const KnownDevice leaver = known.at(one);
    if (const std::optional<Bytes> payload = soundPayload(one))
      append(concerned, concernedBy(leaver.kind, *payload));
    else
      isAllKnown = false;
    // Of a subsystem only itself is announced.
    if (device.kind != Kind::subSystem || one == id) news.add(leaver.kind, one, leaver.parent, Change::depart);
  }
  forget(id);
  if (device.kind == Kind::subSystem) {
    if (std::optional<DirectoryEntry> directory = cache.get<DirectoryEntry>(kNullGuid)) {
      Ids& ids = directory->subSystems;
      ids.erase(std::remove(ids.begin(), ids.end(), id), ids.end());
      writeDirectory(ids);
    }
    return {};
  }
  concerned.insert(concerned.begin(), device.parent);
  // The members of a damaged entry are unknown, so look at all that the subsystem holds.
  if (!isAllKnown) append(concerned, heldObjects(subSystem));
  return concerned;
}

/** Brings one subsystem and all that it holds up to date. */
void Learning::reload(SubSystemRecord& subSystem) {
  const std::vector<Found> all = devicesOf(subSystem);
  for (const GUID& id : heldObjects(subSystem.facts.id)) {
    const auto device = known.find(id);
    const bool isThere = std::any_of(all.begin(), all.end(), [&id](const Found& found) { return found.id == id; });
    if (isThere || device == known.end()) continue;
    news.add(device->second.kind, id, device->second.parent, Change::depart);
    for (const GUID& held : heldObjects(id)) news.add(known.at(held).kind, held, id, Change::depart);
    forget(id);
  }
  Ids arrived;
  // All of them first, since an entry lists only devices that are known.
  for (const Found& found : all) {
    if (!known.count(found.id)) arrived.push_back(found.id);
    known[found.id] = {found.kind, found.parent};
  }
  for (const Found& found : all) {
    const std::optional<Bytes> before = soundPayload(found.id);
    const Bytes after = entry(found);
    if (contains(arrived, found.id))
      news.add(found.kind, found.id, found.parent, Change::arrive);
    else if (before && *before != after)
      tellOfChange(found, *before, after);
    cache.put({found.kind, found.id}, after);
  }
}

void Learning::forget(const GUID& id) {
  for (const GUID& held : objectsIn(id)) forget(held);
  const auto device = known.find(id);
  cache.erase({device->second.kind, id});
  known.erase(device);
  gone.push_back(id);
}

Ids Learning::objectsIn(const GUID& holder) const {
  Ids ids;
  for (const auto& [id, device] : known)
    if (device.kind != Kind::subSystem && device.parent == holder) ids.push_back(id);
  return ids;
}

Ids Learning::heldObjects(const GUID& holder) const {
  Ids ids;
  for (const GUID& id : objectsIn(holder)) {
    ids.push_back(id);
    append(ids, heldObjects(id));
  }
  return ids;
}

Ids Learning::subSystems() const {
  Ids ids;
  for (const auto& [id, device] : known)
    if (device.kind == Kind::subSystem) ids.push_back(id);
  return ids;
}

GUID Learning::subSystemOf(const GUID& id) const {
  const auto device = known.find(id);
  return device == known.end() || device->second.kind == Kind::subSystem ? id : subSystemOf(device->second.parent);
}

void Learning::writeDirectory(Ids ids) {
  cache.put({Kind::directory, kNullGuid}, toBytes(DirectoryEntry{std::move(ids)}));
}

Bytes Learning::entry(const Found& found) const {
  return entryOf(found, [this](const GUID& id) { return known.count(id) != 0; });
}

std::optional<Bytes> Learning::soundPayload(const GUID& id) const {
  const CacheRecord* record = cache.find({known.at(id).kind, id});
  if (!record || !record->intact()) return std::nullopt;
  return record->payload;
}

Ids Learning::concernedBy(Kind kind, const Bytes& payload) const {
  return withEntryOf(kind, [&payload](auto tag) {
    const auto entry = fromBytes<typename decltype(tag)::Type>(payload);
    return entry ? entry->concerned() : Ids();
  });
}

void Learning::tellOfChange(const Found& found, const Bytes& before, const Bytes& after) {
  withEntryOf(found.kind, [&](auto tag) {
    using Entry = typename decltype(tag)::Type;
    const auto was = fromBytes<Entry>(before), is = fromBytes<Entry>(after);
    if (!was || !is || toBytes(was->announced()) == toBytes(is->announced())) return;
    news.add(found.kind, found.id, found.parent, isRemoved(*was, *is) ? Change::remove : Change::modify);
  });
}

}  // namespace vdsc
