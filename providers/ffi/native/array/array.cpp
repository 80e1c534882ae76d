#include "array/array.h"

#include <algorithm>

#include "array/space.h"

namespace vdsc {
namespace {

constexpr uint64_t kGiB = uint64_t{1} << 30;
constexpr int kDrives = 4, kControllers = 2, kPortals = 2;
constexpr uint32_t kIscsiPort = 3260;

/** 192.0.2.n, its bytes in network order. */
uint32_t documentationAddress(uint8_t n) {
  const uint8_t bytes[4] = {192, 0, 2, n};
  uint32_t address;
  std::memcpy(&address, bytes, sizeof address);
  return address;
}

SubSystemRecord newSubSystem(System& system, const std::string& letter, const std::string& targetSuffix, int number) {
  SubSystemRecord subSystem;
  subSystem.facts.id = newGuid();
  subSystem.facts.friendlyName = wide("Array " + letter);
  subSystem.facts.identification = wide("VDSC-ARRAY-" + letter);
  const auto named = [&letter](const char* what, int n) { return wide(what + letter + "-" + std::to_string(n)); };
  for (int n = 0; n < kDrives; ++n) {
    DriveRecord drive;
    drive.id = newGuid();
    drive.size = 16 * kGiB;
    drive.friendlyName = named("Drive ", n);
    drive.identification = named("VDSC-DRIVE-", n);
    drive.slot = static_cast<int16_t>(n);
    subSystem.drives.push_back(std::move(drive));
  }
  for (int n = 0; n < kControllers; ++n) {
    ControllerRecord controller;
    controller.id = newGuid();
    controller.friendlyName = named("Controller ", n);
    controller.identification = named("VDSC-CONTROLLER-", n);
    controller.port = {newGuid(), named("Port ", n) + wide("-0"), named("VDSC-PORT-", n) + wide("-0")};
    subSystem.controllers.push_back(std::move(controller));
  }
  for (int n = 0; n < kPortals; ++n) {
    PortalRecord portal;
    portal.id = newGuid();
    portal.address = documentationAddress(static_cast<uint8_t>(10 * number + n));
    portal.tcpPort = kIscsiPort;
    subSystem.portals.push_back(portal);
  }

  TargetRecord target;
  target.id = newGuid();
  target.iscsiName = wide("iqn.2026-11.example.vdsc:existing-" + targetSuffix);
  target.friendlyName = wide("Existing target " + letter);
  PortalGroupRecord group;
  group.id = newGuid();
  group.tag = 1;
  group.portals = {subSystem.portals.front().id};
  target.groups.push_back(std::move(group));

  LunRecord lun = system.newLun(subSystem, wide("Existing LUN " + letter));
  place(lun, layOut(subSystem, {}, VDS_LT_SIMPLE, 8 * kGiB, nullptr, kStripeSize));
  lun.targets = {target.id};
  subSystem.luns.push_back(std::move(lun));
  subSystem.targets.push_back(std::move(target));
  return subSystem;
}

void dropId(std::vector<GUID>& ids, const GUID& id) {
  ids.erase(std::remove(ids.begin(), ids.end(), id), ids.end());
}

template <class Record>
void dropRecord(std::vector<Record>& records, const GUID& id) {
  records.erase(std::remove_if(records.begin(), records.end(), [&id](const Record& r) { return r.id == id; }),
                records.end());
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
  for (ControllerRecord& controller : subSystem.controllers)
    add(Kind::controller, controller.id).controller = &controller;
  for (PortalRecord& portal : subSystem.portals) add(Kind::portal, portal.id).portal = &portal;
  for (LunRecord& lun : subSystem.luns) {
    add(Kind::lun, lun.id).lun = &lun;
    addHeld();
  }
  for (TargetRecord& target : subSystem.targets) {
    add(Kind::target, target.id).target = &target;
    addHeld();
  }
  return devices;
}

Standing plexStanding(const SubSystemRecord& subSystem, const PlexRecord& plex) {
  for (const Extents& column : plex.columns)
    for (const Extent& extent : column)
      if (isLost(subSystem, extent)) return kFailed;
  return plex.standing;
}

Standing lunStanding(const SubSystemRecord& subSystem, const LunRecord& lun) {
  const auto failed =
      static_cast<size_t>(std::count_if(lun.plexes.begin(), lun.plexes.end(), [&](const PlexRecord& plex) {
        return plexStanding(subSystem, plex).hasFailed();
      }));
  if (failed == lun.plexes.size()) return kFailed;
  Standing standing = lun.standing;
  if (failed > 0 && !standing.hasFailed()) standing.health = VDS_H_FAILED_REDUNDANCY;
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
  return lun;
}

// The file: the checksum of the rest, then the System.

System Array::read() const {
  const std::optional<Bytes> file = readFile(file_);
  if (!file) {
    System system;
    system.subSystems.push_back(newSubSystem(system, "A", "a", 1));
    system.subSystems.push_back(newSubSystem(system, "B", "b", 2));
    write(system);
    return system;
  }
  uint32_t checksum = 0;
  if (file->size() > sizeof checksum) {
    std::memcpy(&checksum, file->data(), sizeof checksum);
    const Bytes body(file->begin() + sizeof checksum, file->end());
    if (checksum == crc32(body.data(), body.size()))
      if (std::optional<System> system = fromBytes<System>(body)) return std::move(*system);
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
