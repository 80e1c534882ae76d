#include "array/array.h"

#include <algorithm>

#include "array/space.h"

namespace vdsc {
namespace {

void dropId(std::vector<GUID>& ids, const GUID& id) {
  ids.erase(std::remove(ids.begin(), ids.end(), id), ids.end());
}

template <class Record>
void dropRecord(std::vector<Record>& records, const GUID& id) {
  records.erase(std::remove_if(records.begin(), records.end(), [&id](const Record& r) { return r.id == id; }),
                records.end());
}

/** The columns of a plex of which a drive with an extent is missing. */
ptrdiff_t lostColumns(const SubSystemRecord& subSystem, const PlexRecord& plex) {
  return std::count_if(plex.columns.begin(), plex.columns.end(), [&subSystem](const Extents& column) {
    return std::any_of(column.begin(), column.end(), [&subSystem](const Extent& e) { return isLost(subSystem, e); });
  });
}

uint32_t lowestFreeNumber(const SubSystemRecord& subSystem) {
  uint32_t number = 0;
  const auto isTaken = [&](const LunRecord& lun) { return lun.number == number; };
  while (std::any_of(subSystem.luns.begin(), subSystem.luns.end(), isTaken)) ++number;
  return number;
}

/** The first target of a subsystem that has a portal. */
const TargetRecord* reachableTarget(const SubSystemRecord& subSystem) {
  for (const TargetRecord& target : subSystem.targets)
    for (const PortalGroupRecord& group : target.groups)
      if (!group.portals.empty()) return &target;
  return nullptr;
}

std::optional<Found> findIn(SubSystemRecord& subSystem, const GUID& id, Pulled drives) {
  for (const Found& found : devicesOf(subSystem, drives))
    if (found.id == id) return found;
  return std::nullopt;
}

}  // namespace

Extents PlexRecord::extents() const {
  Extents all;
  for (const Extents& column : columns) all.insert(all.end(), column.begin(), column.end());
  return all;
}

uint64_t PlexRecord::size() const {
  return sum(extents());
}

std::vector<Found> heldBy(const Found& holder) {
  std::vector<Found> held;
  const auto add = [&](Kind kind, const GUID& id) -> Found& {
    Found found = holder;
    found.kind = kind;
    found.id = id;
    found.parent = holder.id;
    return held.emplace_back(found);
  };
  if (holder.kind == Kind::lun)
    for (PlexRecord& plex : holder.lun->plexes) add(Kind::plex, plex.id).plex = &plex;
  if (holder.kind == Kind::controller && holder.controller->hasPortObjects)
    for (PortRecord& port : holder.controller->ports) add(Kind::port, port.id).port = &port;
  if (holder.kind == Kind::target)
    for (PortalGroupRecord& group : holder.target->groups) add(Kind::portalGroup, group.id).group = &group;
  return held;
}

std::vector<Found> devicesOf(SubSystemRecord& subSystem, Pulled drives) {
  std::vector<Found> devices;
  const auto add = [&](Kind kind, const GUID& id) -> Found& {
    Found found;
    found.kind = kind;
    found.id = id;
    if (kind != Kind::subSystem) found.parent = subSystem.facts.id;
    found.subSystem = &subSystem;
    return devices.emplace_back(found);
  };
  const auto addHeld = [&] {
    const std::vector<Found> held = heldBy(devices.back());
    devices.insert(devices.end(), held.begin(), held.end());
  };
  add(Kind::subSystem, subSystem.facts.id);
  for (DriveRecord& drive : subSystem.drives)
    if (drive.present || drives == Pulled::with) add(Kind::drive, drive.id).drive = &drive;
  for (ControllerRecord& controller : subSystem.controllers) {
    add(Kind::controller, controller.id).controller = &controller;
    addHeld();
  }
  for (PortalRecord& portal : subSystem.portals) add(Kind::portal, portal.id).portal = &portal;
  for (LunRecord& lun : subSystem.luns) {
    add(Kind::lun, lun.id).lun = &lun;
    addHeld();
  }
  for (TargetRecord& target : subSystem.targets) {
    add(Kind::target, target.id).target = &target;
    addHeld();
  }
  for (PoolRecord& pool : subSystem.pools) add(Kind::storagePool, pool.id).pool = &pool;
  return devices;
}

int32_t portStatus(const ControllerRecord& controller, const PortRecord& port) {
  return controller.standing.status == VDS_CS_ONLINE ? port.status : controller.standing.status;
}

std::vector<PortRecord> portObjects(const SubSystemRecord& subSystem) {
  std::vector<PortRecord> ports;
  for (const ControllerRecord& controller : subSystem.controllers) {
    if (!controller.hasPortObjects) continue;
    for (PortRecord port : controller.ports) {
      port.status = portStatus(controller, port);
      ports.push_back(std::move(port));
    }
  }
  return ports;
}

Standing plexStanding(const SubSystemRecord& subSystem, const PlexRecord& plex) {
  const ptrdiff_t lost = lostColumns(subSystem, plex);
  if (lost > (hasParity(plex.type) ? 1 : 0)) return kFailed;
  Standing standing = plex.standing;
  if (lost > 0 && !standing.hasFailed()) standing.health = VDS_H_FAILED_REDUNDANCY;
  return standing;
}

Standing lunStanding(const SubSystemRecord& subSystem, const LunRecord& lun) {
  const auto failed =
      static_cast<size_t>(std::count_if(lun.plexes.begin(), lun.plexes.end(), [&](const PlexRecord& plex) {
        return plexStanding(subSystem, plex).hasFailed();
      }));
  if (failed == lun.plexes.size()) return kFailed;
  const bool isWorn = std::any_of(lun.plexes.begin(), lun.plexes.end(),
                                  [&](const PlexRecord& plex) { return lostColumns(subSystem, plex) > 0; });
  Standing standing = lun.standing;
  if ((failed > 0 || isWorn) && !standing.hasFailed()) standing.health = VDS_H_FAILED_REDUNDANCY;
  return standing;
}

SubSystemRecord* System::connected(const GUID& id) {
  for (SubSystemRecord& subSystem : subSystems)
    if (subSystem.facts.id == id) return subSystem.connected ? &subSystem : nullptr;
  return nullptr;
}

std::optional<Found> System::find(const GUID& id) {
  for (SubSystemRecord& subSystem : subSystems)
    if (subSystem.connected)
      if (const std::optional<Found> found = findIn(subSystem, id, Pulled::without)) return found;
  return std::nullopt;
}

std::optional<Found> System::findAny(const GUID& id) {
  for (SubSystemRecord& subSystem : subSystems)
    if (const std::optional<Found> found = findIn(subSystem, id, Pulled::with)) return found;
  return std::nullopt;
}

void System::remove(const GUID& id) {
  subSystems.erase(std::remove_if(subSystems.begin(), subSystems.end(),
                                  [&id](const SubSystemRecord& s) { return s.facts.id == id; }),
                   subSystems.end());
  for (SubSystemRecord& subSystem : subSystems) {
    dropRecord(subSystem.drives, id);
    dropRecord(subSystem.controllers, id);
    dropRecord(subSystem.portals, id);
    dropRecord(subSystem.luns, id);
    dropRecord(subSystem.targets, id);
    dropRecord(subSystem.pools, id);
    for (LunRecord& lun : subSystem.luns) {
      dropRecord(lun.plexes, id);
      dropId(lun.targets, id);
      dropId(lun.controllers, id);
    }
    for (TargetRecord& target : subSystem.targets) {
      dropRecord(target.groups, id);
      for (PortalGroupRecord& group : target.groups) dropId(group.portals, id);
    }
  }
}

bool System::isNameTaken(const Text& iscsiName) const {
  for (const SubSystemRecord& subSystem : subSystems)
    for (const TargetRecord& target : subSystem.targets)
      if (target.iscsiName == iscsiName) return true;
  return false;
}

LunRecord System::newLun(const SubSystemRecord& subSystem, Text friendlyName) {
  LunRecord lun;
  lun.id = newGuid();
  lun.friendlyName = friendlyName.empty() ? wide("LUN " + std::to_string(nextLun++)) : std::move(friendlyName);
  lun.identification = wide("VDSC-LUN-" + guidDigits(lun.id));
  lun.controllers = idsOf(subSystem.controllers);
  lun.ports = idsOf(portObjects(subSystem));
  lun.number = lowestFreeNumber(subSystem);
  const Profile& kind = profileOf(profile);
  if (kind.has(Feature::multipath)) lun.policy = VDS_LBP_ROUND_ROBIN;
  if (kind.has(Feature::pools))
    if (const TargetRecord* target = reachableTarget(subSystem)) lun.targets = {target->id};
  return lun;
}

// The file: the checksum of the rest, then the System.

System Array::read() const {
  const std::optional<Bytes> file = readFile(file_);
  if (!file) {
    System system = System::make(profile_.value_or(kDefaultProfile));
    write(system);
    return system;
  }
  uint32_t checksum = 0;
  if (file->size() > sizeof checksum) {
    std::memcpy(&checksum, file->data(), sizeof checksum);
    const Bytes body(file->begin() + sizeof checksum, file->end());
    if (checksum == crc32(body.data(), body.size()))
      if (std::optional<System> system = fromBytes<System>(body)) {
        if (profile_ && *profile_ != system->profile) fail(E_INVALIDARG);
        return std::move(*system);
      }
  }
  fail(fromSystemError(kErrorCrc));
}

Replacement Array::prepare(const System& system) const {
  const Bytes body = toBytes(system);
  Writer file;
  file(crc32(body.data(), body.size()));
  file.bytes.insert(file.bytes.end(), body.begin(), body.end());
  return Replacement(file_, file.bytes);
}

}  // namespace vdsc
