// The entries of the cache: one directory, and an entry for each device. Each kind tells which devices it lists,
// which may change with it, and what of it is announced when it changes.
#pragma once

#include "array/array.h"
#include "array/pools.h"

namespace vdsc {

using Ids = std::vector<GUID>;
inline void append(Ids& ids, const Ids& more) {
  ids.insert(ids.end(), more.begin(), more.end());
}

struct DirectoryEntry {
  static constexpr Kind kind = Kind::directory;
  Ids subSystems;

  template <class Self, class Io>
  static void fields(Self& self, Io& io) {
    io(self.subSystems);
  }
};

struct SubSystemEntry {
  static constexpr Kind kind = Kind::subSystem;
  SubSystemFacts facts;
  Ids drives, controllers, portals, luns, targets, storagePools;

  template <class Self, class Io>
  static void fields(Self& self, Io& io) {
    io(self.facts, self.drives, self.controllers, self.portals, self.luns, self.targets, self.storagePools);
  }
  Ids listed() const;
  Ids concerned() const { return listed(); }
  SubSystemEntry announced() const;
};

struct LunEntry {
  static constexpr Kind kind = Kind::lun;
  GUID parent = {};
  uint64_t size = 0;
  Text friendlyName, identification, unmaskingList;
  int32_t type = 0;
  uint32_t flags = 0;
  Standing standing;
  Hints hints;
  Ids plexes, targets, controllers, ports;
  int32_t policy = 0;
  std::vector<PathSettings> paths;
  uint32_t number = 0;
  Ids pools;

  template <class Self, class Io>
  static void fields(Self& self, Io& io) {
    io(self.parent, self.size, self.friendlyName, self.identification, self.unmaskingList, self.type, self.flags,
       self.standing, self.hints, self.plexes, self.targets, self.controllers, self.ports, self.policy, self.paths,
       self.number, self.pools);
  }
  Ids listed() const;
  Ids concerned() const { return listed(); }
  LunEntry announced() const;
};

struct PlexEntry {
  struct OnDrive {
    GUID drive = {};
    uint64_t size = 0;

    template <class Self, class Io>
    static void fields(Self& self, Io& io) {
      io(self.drive, self.size);
    }
  };
  static constexpr Kind kind = Kind::plex;
  /** The LUN. */
  GUID parent = {};
  uint64_t size = 0;
  int32_t type = 0;
  Standing standing;
  uint32_t stripeSize = 0;
  Hints hints;
  std::vector<OnDrive> extents;

  template <class Self, class Io>
  static void fields(Self& self, Io& io) {
    io(self.parent, self.size, self.type, self.standing, self.stripeSize, self.hints, self.extents);
  }
  Ids listed() const { return {}; }
  Ids concerned() const;
  const PlexEntry& announced() const { return *this; }
};

struct DriveEntry {
  /** By offset, covering the drive; plex and LUN are GUID_NULL where it is free. */
  struct Stretch {
    GUID plex = {}, lun = {};
    uint64_t size = 0;

    template <class Self, class Io>
    static void fields(Self& self, Io& io) {
      io(self.plex, self.lun, self.size);
    }
  };
  static constexpr Kind kind = Kind::drive;
  GUID parent = {};
  DriveRecord record;
  std::vector<Stretch> extents;
  Ids pools;

  template <class Self, class Io>
  static void fields(Self& self, Io& io) {
    io(self.parent, self.record, self.extents, self.pools);
  }
  Ids listed() const { return {}; }
  Ids concerned() const;
  const DriveEntry& announced() const { return *this; }
};

struct ControllerEntry {
  static constexpr Kind kind = Kind::controller;
  GUID parent = {};
  /** Without those ports that are devices of their own. */
  ControllerRecord record;
  /** Those, by number. */
  Ids ports;
  Ids luns;

  template <class Self, class Io>
  static void fields(Self& self, Io& io) {
    io(self.parent, self.record, self.ports, self.luns);
  }
  Ids listed() const;
  Ids concerned() const { return listed(); }
  ControllerEntry announced() const { return {parent, record, {}, {}}; }
};

struct PortEntry {
  static constexpr Kind kind = Kind::port;
  /** The controller. */
  GUID parent = {};
  PortRecord record;
  Ids luns;

  template <class Self, class Io>
  static void fields(Self& self, Io& io) {
    io(self.parent, self.record, self.luns);
  }
  Ids listed() const { return luns; }
  Ids concerned() const { return luns; }
  PortEntry announced() const { return {parent, record, {}}; }
};

struct PortalEntry {
  static constexpr Kind kind = Kind::portal;
  GUID parent = {};
  PortalRecord record;
  Ids groups;

  template <class Self, class Io>
  static void fields(Self& self, Io& io) {
    io(self.parent, self.record, self.groups);
  }
  Ids listed() const { return groups; }
  Ids concerned() const { return groups; }
  PortalEntry announced() const { return {parent, record, {}}; }
};

struct TargetEntry {
  static constexpr Kind kind = Kind::target;
  GUID parent = {};
  Text iscsiName, friendlyName;
  uint8_t chapEnabled = 0;
  Ids groups, luns;

  template <class Self, class Io>
  static void fields(Self& self, Io& io) {
    io(self.parent, self.iscsiName, self.friendlyName, self.chapEnabled, self.groups, self.luns);
  }
  Ids listed() const;
  Ids concerned() const { return listed(); }
  TargetEntry announced() const { return {parent, iscsiName, friendlyName, chapEnabled, {}, luns}; }
};

struct PortalGroupEntry {
  static constexpr Kind kind = Kind::portalGroup;
  /** The target. */
  GUID parent = {};
  uint16_t tag = 0;
  Ids portals;

  template <class Self, class Io>
  static void fields(Self& self, Io& io) {
    io(self.parent, self.tag, self.portals);
  }
  Ids listed() const { return portals; }
  Ids concerned() const { return portals; }
  const PortalGroupEntry& announced() const { return *this; }
};

struct StoragePoolEntry {
  static constexpr Kind kind = Kind::storagePool;
  /** The subsystem with its drives. */
  GUID parent = {};
  Text name;
  uint32_t type = 0;
  uint64_t managed = 0, remaining = 0;
  /** 0 where the pool is not thin provisioned. */
  uint64_t provisioned = 0;
  std::vector<PoolStretch> stretches;
  Ids luns, pools;

  template <class Self, class Io>
  static void fields(Self& self, Io& io) {
    io(self.parent, self.name, self.type, self.managed, self.remaining, self.provisioned, self.stretches, self.luns,
       self.pools);
  }
  Ids listed() const;
  Ids concerned() const { return listed(); }
  const StoragePoolEntry& announced() const { return *this; }
};

template <class Entry>
struct EntryTag {
  using Type = Entry;
};
/** Calls `body` with the tag of the entry that a device of this kind has. */
template <class Body>
auto withEntryOf(Kind kind, Body&& body) {
  switch (kind) {
    case Kind::lun:
      return body(EntryTag<LunEntry>());
    case Kind::plex:
      return body(EntryTag<PlexEntry>());
    case Kind::drive:
      return body(EntryTag<DriveEntry>());
    case Kind::controller:
      return body(EntryTag<ControllerEntry>());
    case Kind::portal:
      return body(EntryTag<PortalEntry>());
    case Kind::target:
      return body(EntryTag<TargetEntry>());
    case Kind::portalGroup:
      return body(EntryTag<PortalGroupEntry>());
    case Kind::port:
      return body(EntryTag<PortEntry>());
    case Kind::storagePool:
      return body(EntryTag<StoragePoolEntry>());
    default:
      return body(EntryTag<SubSystemEntry>());
  }
}

/** For the entry of a device with all that it could list. */
struct EverythingKnown {
  bool operator()(const GUID&) const { return true; }
};

namespace detail {

template <class Known>
Ids known(Ids ids, const Known& isKnown) {
  Ids listed;
  for (const GUID& id : ids)
    if (isKnown(id)) listed.push_back(id);
  return listed;
}
Ids presentDrives(const SubSystemRecord& subSystem);
/** The LUNs that have the id in one of their lists. */
Ids lunsWith(const SubSystemRecord& subSystem, std::vector<GUID> LunRecord::*list, const GUID& id);
Ids groupsWith(const SubSystemRecord& subSystem, const GUID& portal);
// With everything that they could list.
LunEntry lunEntry(const Found& found);
PlexEntry plexEntry(const Found& found);
DriveEntry driveEntry(const Found& found);
ControllerEntry controllerEntry(const Found& found);
PortEntry portEntry(const Found& found);
StoragePoolEntry storagePoolEntry(const Found& found);

}  // namespace detail

/** The entry of a device. It lists only those devices that `isKnown` accepts. */
template <class Known>
Bytes entryOf(const Found& found, const Known& isKnown) {
  const auto listed = [&isKnown](Ids ids) { return detail::known(std::move(ids), isKnown); };
  const SubSystemRecord& s = *found.subSystem;
  switch (found.kind) {
    case Kind::lun: {
      LunEntry entry = detail::lunEntry(found);
      for (Ids* ids : {&entry.plexes, &entry.targets, &entry.controllers, &entry.ports, &entry.pools})
        *ids = listed(std::move(*ids));
      return toBytes(entry);
    }
    case Kind::plex:
      return toBytes(detail::plexEntry(found));
    case Kind::drive: {
      DriveEntry entry = detail::driveEntry(found);
      entry.pools = listed(std::move(entry.pools));
      return toBytes(entry);
    }
    case Kind::controller: {
      ControllerEntry entry = detail::controllerEntry(found);
      entry.ports = listed(std::move(entry.ports));
      entry.luns = listed(std::move(entry.luns));
      return toBytes(entry);
    }
    case Kind::port: {
      PortEntry entry = detail::portEntry(found);
      entry.luns = listed(std::move(entry.luns));
      return toBytes(entry);
    }
    case Kind::storagePool: {
      StoragePoolEntry entry = detail::storagePoolEntry(found);
      entry.luns = listed(std::move(entry.luns));
      entry.pools = listed(std::move(entry.pools));
      return toBytes(entry);
    }
    case Kind::portal:
      return toBytes(PortalEntry{found.parent, *found.portal, listed(detail::groupsWith(s, found.id))});
    case Kind::target: {
      const TargetRecord& t = *found.target;
      return toBytes(TargetEntry{found.parent, t.iscsiName, t.friendlyName, t.chapEnabled, listed(idsOf(t.groups)),
                                 listed(detail::lunsWith(s, &LunRecord::targets, found.id))});
    }
    case Kind::portalGroup:
      return toBytes(PortalGroupEntry{found.parent, found.group->tag, listed(found.group->portals)});
    default:
      return toBytes(SubSystemEntry{s.facts, listed(detail::presentDrives(s)), listed(idsOf(s.controllers)),
                                    listed(idsOf(s.portals)), listed(idsOf(s.luns)), listed(idsOf(s.targets)),
                                    listed(idsOf(s.pools))});
  }
}

}  // namespace vdsc
