// The storage array: the devices as they really are, in the file array.bin. It knows nothing of COM, of the provider or of its cache.
#pragma once

#include "storage.h"

namespace vdsc {

struct LunRecord {
  GUID id = {};
  uint64_t size = 0;
  Text friendlyName, identification, unmaskingList;
  int32_t type = VDS_LT_SIMPLE, status = VDS_LS_ONLINE, health = VDS_H_HEALTHY;

  template <class Self, class Io>
  static void fields(Self& self, Io& io) {
    io(self.id, self.size, self.friendlyName, self.identification, self.unmaskingList, self.type, self.status, self.health);
  }
};

struct TargetRecord {
  GUID id = {};
  Text iscsiName, friendlyName;
  /** Whether a CHAP secret is set. The secret itself is nowhere: a provider must not keep it. */
  uint8_t chapEnabled = 0;

  template <class Self, class Io>
  static void fields(Self& self, Io& io) {
    io(self.id, self.iscsiName, self.friendlyName, self.chapEnabled);
  }
};

/** A subsystem without its members: what the array and the cache both hold. */
struct SubSystemFacts {
  GUID id = {};
  Text friendlyName, identification;
  uint64_t capacity = 0;
  int32_t status = VDS_SSS_ONLINE, health = VDS_H_HEALTHY;
  /** Empty when none is set. */
  Text importTarget;

  template <class Self, class Io>
  static void fields(Self& self, Io& io) {
    io(self.id, self.friendlyName, self.identification, self.capacity, self.status, self.health, self.importTarget);
  }
};

struct SubSystemRecord {
  SubSystemFacts facts;
  /** 0 when its cable is pulled: it keeps everything, but nobody can reach it. */
  uint8_t connected = 1;
  std::vector<LunRecord> luns;
  std::vector<TargetRecord> targets;

  template <class Self, class Io>
  static void fields(Self& self, Io& io) {
    io(self.facts, self.connected, self.luns, self.targets);
  }

  LunRecord* lun(const GUID& id);
  TargetRecord* target(const GUID& id);
  uint64_t usedBytes() const noexcept;
};

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
};

class Array {
 public:
  explicit Array(std::filesystem::path file) : file_(std::move(file)) {}
  /** The system as the file holds it; a new one of two subsystems is made where there is no file. Throws Failure for a damaged file. */
  System read() const;
  Replacement prepare(const System& system) const;
  void write(const System& system) const { prepare(system).commit(); }

 private:
  std::filesystem::path file_;
};

}  // namespace vdsc
