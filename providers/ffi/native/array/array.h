// The storage array: the devices as they really are, in the file array.bin. It knows nothing of COM objects, of the
// provider or of its cache.
#pragma once

#include "array/storage.h"

namespace vdsc {

enum class Kind : uint8_t { directory, subSystem, lun, plex, drive, controller, portal, target, portalGroup };

/** A stretch of a drive, in bytes. */
struct Extent {
  GUID drive = {};
  uint64_t offset = 0, size = 0;

  template <class Self, class Io>
  static void fields(Self& self, Io& io) {
    io(self.drive, self.offset, self.size);
  }
};
using Extents = std::vector<Extent>;

/** Hints that were applied. They are kept and told; only a stripe size is followed, in a new LUN. */
struct Hints {
  VDS_HINTS value = {};

  template <class Self, class Io>
  static void fields(Self& self, Io& io) {
    auto& v = self.value;
    io(v.ullHintMask, v.ullExpectedMaximumSize, v.ulOptimalReadSize, v.ulOptimalReadAlignment, v.ulOptimalWriteSize,
       v.ulOptimalWriteAlignment, v.ulMaximumDriveCount, v.ulStripeSize, v.bFastCrashRecoveryRequired, v.bMostlyReads,
       v.bOptimizeForSequentialReads, v.bOptimizeForSequentialWrites, v.bRemapEnabled, v.bReadBackVerifyEnabled,
       v.bWriteThroughCachingEnabled, v.bHardwareChecksumEnabled, v.bIsYankable, v.sRebuildPriority);
  }
};

/** Status and health of a device. The kinds' statuses have the same numbers. */
struct Standing {
  int32_t status = VDS_LS_ONLINE, health = VDS_H_HEALTHY;

  bool hasFailed() const noexcept { return status == VDS_LS_FAILED; }
  template <class Self, class Io>
  static void fields(Self& self, Io& io) {
    io(self.status, self.health);
  }
};
inline bool operator==(const Standing& a, const Standing& b) noexcept {
  return a.status == b.status && a.health == b.health;
}
inline constexpr Standing kFailed = {VDS_LS_FAILED, VDS_H_FAILED};

struct PlexRecord {
  GUID id = {};
  int32_t type = VDS_LPT_SIMPLE;
  /** As set, or failed by itself; plexStanding adds what missing drives do to it. */
  Standing standing;
  /** Bytes; 0 unless it is striped. */
  uint32_t stripeSize = 0;
  /** A stripe has several, each on a drive of its own; anything else has one. */
  std::vector<Extents> columns;
  Hints hints;

  template <class Self, class Io>
  static void fields(Self& self, Io& io) {
    io(self.id, self.type, self.standing, self.stripeSize, self.columns, self.hints);
  }
  /** Of all columns. */
  Extents extents() const;
  uint64_t size() const;
};

struct LunRecord {
  GUID id = {};
  uint64_t size = 0;
  Text friendlyName, identification, unmaskingList;
  int32_t type = VDS_LT_SIMPLE;
  /** VDS_LF_SNAPSHOT of a LUN of a shadow-copy set. */
  uint32_t flags = 0;
  Standing standing;
  Hints hints;
  std::vector<PlexRecord> plexes;
  /** The targets that it is associated with, and the controllers on which it is active. */
  std::vector<GUID> targets, controllers;

  template <class Self, class Io>
  static void fields(Self& self, Io& io) {
    io(self.id, self.size, self.friendlyName, self.identification, self.unmaskingList, self.type, self.flags,
       self.standing, self.hints, self.plexes, self.targets, self.controllers);
  }
};

struct DriveRecord {
  GUID id = {};
  uint64_t size = 0;
  Text friendlyName, identification;
  int16_t bus = 0, slot = 0;
  uint32_t flags = 0;
  Standing standing;
  /** 0 when it was pulled out of its slot. */
  uint8_t present = 1;

  template <class Self, class Io>
  static void fields(Self& self, Io& io) {
    io(self.id, self.size, self.friendlyName, self.identification, self.bus, self.slot, self.flags, self.standing,
       self.present);
  }
};

struct PortRecord {
  GUID id = {};
  Text friendlyName, identification;

  template <class Self, class Io>
  static void fields(Self& self, Io& io) {
    io(self.id, self.friendlyName, self.identification);
  }
};

struct ControllerRecord {
  GUID id = {};
  Text friendlyName, identification;
  Standing standing;
  PortRecord port;

  template <class Self, class Io>
  static void fields(Self& self, Io& io) {
    io(self.id, self.friendlyName, self.identification, self.standing, self.port);
  }
};

struct PortalRecord {
  GUID id = {};
  /** IPv4, its bytes in network order, and the TCP port. */
  uint32_t address = 0, tcpPort = 0;
  int32_t status = VDS_IPS_ONLINE;

  template <class Self, class Io>
  static void fields(Self& self, Io& io) {
    io(self.id, self.address, self.tcpPort, self.status);
  }
};

struct PortalGroupRecord {
  GUID id = {};
  uint16_t tag = 0;
  std::vector<GUID> portals;

  template <class Self, class Io>
  static void fields(Self& self, Io& io) {
    io(self.id, self.tag, self.portals);
  }
};

struct TargetRecord {
  GUID id = {};
  Text iscsiName, friendlyName;
  /** Whether a CHAP secret is set. The secret itself is nowhere: a provider must not keep it. */
  uint8_t chapEnabled = 0;
  std::vector<PortalGroupRecord> groups;

  template <class Self, class Io>
  static void fields(Self& self, Io& io) {
    io(self.id, self.iscsiName, self.friendlyName, self.chapEnabled, self.groups);
  }
};

/** A subsystem without its members: what the array and the cache both hold. */
struct SubSystemFacts {
  GUID id = {};
  Text friendlyName, identification;
  Standing standing;
  /** Empty when none is set. */
  Text importTarget;

  template <class Self, class Io>
  static void fields(Self& self, Io& io) {
    io(self.id, self.friendlyName, self.identification, self.standing, self.importTarget);
  }
};

struct SubSystemRecord {
  SubSystemFacts facts;
  /** 0 when its cable is pulled: it keeps everything, but nobody can reach it. */
  uint8_t connected = 1;
  std::vector<DriveRecord> drives;
  std::vector<ControllerRecord> controllers;
  std::vector<PortalRecord> portals;
  std::vector<LunRecord> luns;
  std::vector<TargetRecord> targets;

  template <class Self, class Io>
  static void fields(Self& self, Io& io) {
    io(self.facts, self.connected, self.drives, self.controllers, self.portals, self.luns, self.targets);
  }
};

/** A device in the array with what holds it. The pointers are those of its kind and of its containers; they hold until
 * a list changes. */
struct Found {
  Kind kind = Kind::directory;
  GUID id = {};
  /** Its LUN, target or subsystem; GUID_NULL for a subsystem. */
  GUID parent = {};
  SubSystemRecord* subSystem = nullptr;
  LunRecord* lun = nullptr;
  PlexRecord* plex = nullptr;
  DriveRecord* drive = nullptr;
  ControllerRecord* controller = nullptr;
  PortalRecord* portal = nullptr;
  TargetRecord* target = nullptr;
  PortalGroupRecord* group = nullptr;
};

enum class Pulled { without, with };
/** A subsystem and every device in it, containers before what they hold. */
std::vector<Found> devicesOf(SubSystemRecord& subSystem, Pulled drives = Pulled::without);
/** The members of a LUN or target. */
std::vector<Found> heldBy(const Found& found);

/** Status and health of a plex: FAILED as long as a drive with an extent of it is missing. */
Standing plexStanding(const SubSystemRecord& subSystem, const PlexRecord& plex);
/** Status and health of a LUN: FAILED without a sound plex, without redundancy when some of its plexes have failed. */
Standing lunStanding(const SubSystemRecord& subSystem, const LunRecord& lun);

struct System {
  /** Numbers in the names of the next LUN and the next target that get none. */
  uint32_t nextLun = 1, nextTarget = 1;
  std::vector<SubSystemRecord> subSystems;

  template <class Self, class Io>
  static void fields(Self& self, Io& io) {
    io(self.nextLun, self.nextTarget, self.subSystems);
  }

  /** The subsystem, if the array can be reached; NULL otherwise. */
  SubSystemRecord* connected(const GUID& id);
  /** A device that this computer can reach. */
  std::optional<Found> find(const GUID& id);
  /** A device whether it can be reached or not. */
  std::optional<Found> findAny(const GUID& id);
  /** Removes a device with all that it holds, and its associations with others. */
  void remove(const GUID& id);
  bool isNameTaken(const Text& iscsiName) const;
  /** A new LUN without plexes: active on all controllers and associated with no target. An empty name becomes "LUN n".
   */
  LunRecord newLun(const SubSystemRecord& subSystem, Text friendlyName);
};

/** The record with the id, or NULL. */
template <class Record>
Record* withId(std::vector<Record>& records, const GUID& id) {
  for (Record& record : records)
    if (record.id == id) return &record;
  return nullptr;
}
inline bool contains(const std::vector<GUID>& ids, const GUID& id) {
  for (const GUID& other : ids)
    if (other == id) return true;
  return false;
}
template <class Record>
std::vector<GUID> idsOf(const std::vector<Record>& records) {
  std::vector<GUID> ids;
  for (const Record& record : records) ids.push_back(record.id);
  return ids;
}

class Array {
 public:
  explicit Array(std::filesystem::path file) : file_(std::move(file)) {}
  /** The system as the file holds it; a new one of two subsystems is made where there is no file. Throws Failure for a
   * damaged file. */
  System read() const;
  Replacement prepare(const System& system) const;
  void write(const System& system) const { prepare(system).commit(); }

 private:
  std::filesystem::path file_;
};

}  // namespace vdsc
