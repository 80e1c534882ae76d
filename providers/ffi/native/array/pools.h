// Storage pools: which drives make one up, and what follows from that.
#pragma once

#include "array/array.h"

namespace vdsc {

/** The drives on which a LUN lies. */
std::vector<GUID> drivesUnder(const LunRecord& lun);
/** The pools that concern drives: the concrete ones that they make up, and the primordial one. */
std::vector<GUID> poolsOn(const SubSystemRecord& subSystem, const std::vector<GUID>& drives);
/** The drives of a pool on which LUNs are made: those of a primordial pool that no concrete one has. */
std::vector<GUID> freeDrives(const SubSystemRecord& subSystem, const PoolRecord& pool);

/** A stretch of a pool's drive. */
struct PoolStretch {
  GUID drive = {};
  uint64_t size = 0;
  uint8_t isUsed = 0;

  template <class Self, class Io>
  static void fields(Self& self, Io& io) {
    io(self.drive, self.size, self.isUsed);
  }
};
struct PoolContent {
  /** Bytes of its drives, and those of them that no LUN and no other pool has. */
  uint64_t managed = 0, remaining = 0;
  std::vector<PoolStretch> stretches;
  std::vector<GUID> luns, pools;
};
PoolContent contentOf(const SubSystemRecord& subSystem, const PoolRecord& pool);

}  // namespace vdsc
