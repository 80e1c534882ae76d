#include "cache/entries.h"

#include <algorithm>

#include "array/paths.h"
#include "array/space.h"

namespace vdsc {
Ids SubSystemEntry::listed() const {
  Ids all = drives;
  for (const Ids* list : {&controllers, &portals, &luns, &targets, &storagePools}) append(all, *list);
  return all;
}

/** Arrivals and departures are announced by themselves, and the import target is not a property of the subsystem. */
SubSystemEntry SubSystemEntry::announced() const {
  SubSystemEntry entry;
  entry.facts = facts;
  entry.facts.importTarget.clear();
  return entry;
}

Ids LunEntry::listed() const {
  Ids all = plexes;
  for (const Ids* list : {&controllers, &ports, &targets, &pools}) append(all, *list);
  return all;
}

/** How paths share the load, and which pools it lies in, is no property of a LUN. */
LunEntry LunEntry::announced() const {
  LunEntry entry = *this;
  entry.policy = 0;
  entry.paths.clear();
  entry.pools.clear();
  return entry;
}

Ids ControllerEntry::listed() const {
  Ids all = ports;
  append(all, luns);
  return all;
}

Ids StoragePoolEntry::listed() const {
  Ids all = luns;
  append(all, pools);
  return all;
}

Ids PlexEntry::concerned() const {
  Ids drives;
  for (const OnDrive& extent : extents) drives.push_back(extent.drive);
  return drives;
}

Ids DriveEntry::concerned() const {
  Ids users;
  for (const Stretch& stretch : extents)
    if (stretch.lun != kNullGuid) append(users, {stretch.plex, stretch.lun});
  append(users, pools);
  return users;
}

Ids TargetEntry::listed() const {
  Ids all = groups;
  append(all, luns);
  return all;
}

namespace detail {

Ids presentDrives(const SubSystemRecord& subSystem) {
  Ids ids;
  for (const DriveRecord& drive : subSystem.drives)
    if (drive.present) ids.push_back(drive.id);
  return ids;
}

Ids lunsWith(const SubSystemRecord& subSystem, std::vector<GUID> LunRecord::*list, const GUID& id) {
  Ids ids;
  for (const LunRecord& lun : subSystem.luns)
    if (contains(lun.*list, id)) ids.push_back(lun.id);
  return ids;
}

Ids groupsWith(const SubSystemRecord& subSystem, const GUID& portal) {
  Ids ids;
  for (const TargetRecord& target : subSystem.targets)
    for (const PortalGroupRecord& group : target.groups)
      if (contains(group.portals, portal)) ids.push_back(group.id);
  return ids;
}

LunEntry lunEntry(const Found& found) {
  const SubSystemRecord& s = *found.subSystem;
  const LunRecord& l = *found.lun;
  return {found.parent,
          l.size,
          l.friendlyName,
          l.identification,
          l.unmaskingList,
          l.type,
          l.flags,
          lunStanding(s, l),
          l.hints,
          idsOf(l.plexes),
          l.targets,
          l.controllers,
          l.ports,
          l.policy,
          pathsOf(s, l),
          l.number,
          poolsOn(s, drivesUnder(l))};
}

PlexEntry plexEntry(const Found& found) {
  const PlexRecord& plex = *found.plex;
  PlexEntry entry{found.parent,    plex.size(), plex.type, plexStanding(*found.subSystem, plex),
                  plex.stripeSize, plex.hints,  {}};
  for (const Extent& extent : plex.extents()) entry.extents.push_back({extent.drive, extent.size});
  return entry;
}

DriveEntry driveEntry(const Found& found) {
  std::vector<UsedExtent> all = usedExtents(*found.subSystem, found.id);
  Extents used;
  for (const UsedExtent& extent : all) used.push_back(extent.extent);
  for (const Extent& gap : gaps(*found.drive, used)) all.push_back({gap, kNullGuid, kNullGuid});
  std::sort(all.begin(), all.end(),
            [](const UsedExtent& a, const UsedExtent& b) { return a.extent.offset < b.extent.offset; });
  DriveEntry entry{found.parent, *found.drive, {}, poolsOn(*found.subSystem, {found.id})};
  for (const UsedExtent& extent : all) entry.extents.push_back({extent.plex, extent.lun, extent.extent.size});
  return entry;
}

ControllerEntry controllerEntry(const Found& found) {
  ControllerEntry entry{
      found.parent, *found.controller, {}, lunsWith(*found.subSystem, &LunRecord::controllers, found.id)};
  if (entry.record.hasPortObjects) {
    entry.ports = idsOf(entry.record.ports);
    entry.record.ports.clear();
  }
  return entry;
}

PortEntry portEntry(const Found& found) {
  PortEntry entry{found.parent, *found.port, lunsWith(*found.subSystem, &LunRecord::ports, found.id)};
  entry.record.status = portStatus(*found.controller, *found.port);
  return entry;
}

StoragePoolEntry storagePoolEntry(const Found& found) {
  const PoolRecord& pool = *found.pool;
  PoolContent content = contentOf(*found.subSystem, pool);
  return {found.parent,     pool.name,         pool.type,    content.managed, content.remaining,
          pool.provisioned, content.stretches, content.luns, content.pools};
}

}  // namespace detail

}  // namespace vdsc
