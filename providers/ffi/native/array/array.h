// The storage array: the devices as they really are, in the file array.bin. It knows nothing of COM objects, of the
// provider or of its cache.
#pragma once

#include "array/storage.h"
#include "profiles/profile.h"

namespace vdsc {

enum class Kind : uint8_t {
  directory,
  subSystem,
  lun,
  plex,
  drive,
  controller,
  portal,
  target,
  portalGroup,
  port,
  storagePool
};

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

/** The settings of one path to a LUN. */
struct PathSettings {
  /** The number of this computer's HBA port at which it begins, and the controller port at which it ends. */
  uint8_t hba = 0;
  GUID port = {};
  int32_t status = VDS_MPS_ONLINE;
  uint8_t isPrimary = 1;
  uint32_t weight = 0;

  template <class Self, class Io>
  static void fields(Self& self, Io& io) {
    io(self.hba, self.port, self.status, self.isPrimary, self.weight);
  }
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
  /** The targets that it is associated with, the controllers on which it is active, and, where ports are devices of
   * their own, those ports. */
  std::vector<GUID> targets, controllers, ports;
  /** How its paths share the load, and what was set of single ones; see paths.h. */
  int32_t policy = VDS_LBP_UNKNOWN;
  std::vector<PathSettings> paths;
  /** Its number among the LUNs of the subsystem. */
  uint32_t number = 0;

  template <class Self, class Io>
  static void fields(Self& self, Io& io) {
    io(self.id, self.size, self.friendlyName, self.identification, self.unmaskingList, self.type, self.flags,
       self.standing, self.hints, self.plexes, self.targets, self.controllers, self.ports, self.policy, self.paths,
       self.number);
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
  /** As set; portStatus adds what its controller does to it. */
  int32_t status = VDS_PRS_ONLINE;

  template <class Self, class Io>
  static void fields(Self& self, Io& io) {
    io(self.id, self.friendlyName, self.identification, self.status);
  }
};

struct ControllerRecord {
  GUID id = {};
  Text friendlyName, identification;
  Standing standing;
  /** By the numbers that they have there. */
  std::vector<PortRecord> ports;
  /** 1 where they are devices of their own, and not just parts of the controller. */
  uint8_t hasPortObjects = 0;

  template <class Self, class Io>
  static void fields(Self& self, Io& io) {
    io(self.id, self.friendlyName, self.identification, self.standing, self.ports, self.hasPortObjects);
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

/** A storage pool: drives under a name. What it holds follows from what lies on them; see pools.h. */
struct PoolRecord {
  GUID id = {};
  Text name;
  /** VDS_SPT_*: the primordial pool of a subsystem is made of all of its drives, and those of the concrete ones are
   * taken from it. */
  uint32_t type = VDS_SPT_PRIMORDIAL;
  std::vector<GUID> drives;
  /** Bytes that callers are told they can have, where that may be more than there are; 0 where it may not. */
  uint64_t provisioned = 0;

  template <class Self, class Io>
  static void fields(Self& self, Io& io) {
    io(self.id, self.name, self.type, self.drives, self.provisioned);
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
  std::vector<PoolRecord> pools;

  template <class Self, class Io>
  static void fields(Self& self, Io& io) {
    io(self.facts, self.connected, self.drives, self.controllers, self.portals, self.luns, self.targets, self.pools);
  }
};

/** A device in the array with what holds it. The pointers are those of its kind and of its containers; they hold until
 * a list changes. */
struct Found {
  Kind kind = Kind::directory;
  GUID id = {};
  /** Its LUN, controller, target or subsystem; GUID_NULL for a subsystem. */
  GUID parent = {};
  SubSystemRecord* subSystem = nullptr;
  LunRecord* lun = nullptr;
  PlexRecord* plex = nullptr;
  DriveRecord* drive = nullptr;
  ControllerRecord* controller = nullptr;
  PortRecord* port = nullptr;
  PortalRecord* portal = nullptr;
  TargetRecord* target = nullptr;
  PortalGroupRecord* group = nullptr;
  PoolRecord* pool = nullptr;
};

enum class Pulled { without, with };
/** A subsystem and every device in it, containers before what they hold. */
std::vector<Found> devicesOf(SubSystemRecord& subSystem, Pulled drives = Pulled::without);
/** The members of a LUN, controller or target. */
std::vector<Found> heldBy(const Found& found);

/** The status of a port: that of its controller while that is not online. */
int32_t portStatus(const ControllerRecord& controller, const PortRecord& port);
/** The ports of a subsystem that are devices of their own, with their statuses. */
std::vector<PortRecord> portObjects(const SubSystemRecord& subSystem);

/** Status and health of a plex: FAILED as long as a drive with an extent of it is missing, unless parity makes up for
 * it. */
Standing plexStanding(const SubSystemRecord& subSystem, const PlexRecord& plex);
/** Status and health of a LUN: FAILED without a sound plex, without redundancy when some of its plexes have failed. */
Standing lunStanding(const SubSystemRecord& subSystem, const LunRecord& lun);

/** A maintenance operation that runs on a device. */
struct RunningMaintenance {
  GUID device = {};
  int32_t operation = 0;

  template <class Self, class Io>
  static void fields(Self& self, Io& io) {
    io(self.device, self.operation);
  }
};

struct System {
  ProfileNumber profile = kDefaultProfile;
  /** Numbers in the names of the next LUN and the next target that get none. */
  uint32_t nextLun = 1, nextTarget = 1;
  std::vector<SubSystemRecord> subSystems;
  std::vector<RunningMaintenance> maintenance;

  template <class Self, class Io>
  static void fields(Self& self, Io& io) {
    io(self.profile, self.nextLun, self.nextTarget, self.subSystems, self.maintenance);
  }

  /** The system that a new array of the profile begins with. */
  static System make(ProfileNumber profile);

  /** The subsystem, if the array can be reached; NULL otherwise. */
  SubSystemRecord* connected(const GUID& id);
  /** A device that this computer can reach. */
  std::optional<Found> find(const GUID& id);
  /** A device whether it can be reached or not. */
  std::optional<Found> findAny(const GUID& id);
  /** Removes a device with all that it holds, and its associations with others. */
  void remove(const GUID& id);
  bool isNameTaken(const Text& iscsiName) const;
  /** A new LUN without plexes: active on all controllers and ports, and associated with no target unless the profile
   * has simple targets. An empty name becomes "LUN n". */
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
  /** `profile` is that of a new array; nothing leaves it to the file, or makes one of the default. */
  explicit Array(std::filesystem::path file, std::optional<ProfileNumber> profile = std::nullopt)
      : file_(std::move(file)), profile_(profile) {}
  /** The system as the file holds it; a new one of two subsystems is made where there is no file. Throws Failure for a
   * damaged file, and E_INVALIDARG for an array of another profile. */
  System read() const;
  Replacement prepare(const System& system) const;
  void write(const System& system) const { prepare(system).commit(); }

 private:
  std::filesystem::path file_;
  std::optional<ProfileNumber> profile_;
};

}  // namespace vdsc
