// Space on drives: which stretches are free, how plexes of each type are laid out on them, and how LUNs grow, shrink
// and are rebuilt.
#pragma once

#include "array/array.h"

namespace vdsc {

inline constexpr uint64_t kAllocationUnit = uint64_t{1} << 20;
inline constexpr uint32_t kStripeSize = 1u << 16;
/** Powers of two that a stripe size hint may ask for: 4 KiB to 1 MiB. As VDS_SUB_SYSTEM_PROP tells them. */
inline constexpr uint32_t kStripeSizes = 0x1FFu << 12;

uint64_t sum(const Extents& extents);
/** Whether a LUN or plex of the type does without one of its columns. Their numbers are the same. */
constexpr bool hasParity(int32_t type) noexcept {
  return type == VDS_LT_PARITY || type == VDS_LT_RAID5;
}
/** Whether an extent is out of reach, because its drive is. */
bool isLost(const SubSystemRecord& subSystem, const Extent& extent);

/** An extent that a LUN uses. */
struct UsedExtent {
  Extent extent;
  GUID plex = {}, lun = {};
};
/** Those of a drive, by offset. */
std::vector<UsedExtent> usedExtents(const SubSystemRecord& subSystem, const GUID& drive);
/** The stretches of a drive between these extents, which come by offset. */
Extents gaps(const DriveRecord& drive, const Extents& taken);

/** The parts of a future LUN. `size` is its real size. The plexes have no ids yet. */
struct Layout {
  int32_t type = VDS_LT_SIMPLE;
  uint64_t size = 0;
  std::vector<PlexRecord> plexes;

  Extents extents() const;
};
/** NULL leaves the choice to the array. */
using DriveChoice = const std::vector<GUID>*;
/**
 * Lays a new LUN of `bytes` out on drives, which are filled in the order given. `promised` is what operations under way
 * have for themselves. Throws VDS_E_NOT_ENOUGH_SPACE, or VDS_E_NOT_ENOUGH_DRIVE where the type needs more drives than
 * there are.
 */
Layout layOut(const SubSystemRecord& subSystem, const Extents& promised, int32_t type, uint64_t bytes,
              DriveChoice drives, uint32_t stripeSize);
/** The largest size that layOut accepts, 0 when there is none. */
uint64_t largestLun(const SubSystemRecord& subSystem, const Extents& promised, int32_t type, DriveChoice drives);
/** Gives a new LUN its type, size and plexes. */
void place(LunRecord& lun, const Layout& layout);

/** The share of every plex of a LUN: its new extents, column by column, in the order of the plexes. */
struct Growth {
  uint64_t bytes = 0;
  std::vector<std::pair<GUID, std::vector<Extents>>> added;

  Extents extents() const;
  /** Whether it was planned for exactly the plexes that the LUN has. */
  bool covers(const LunRecord& lun) const;
};
/** Lets every plex grow by `bytes`, on the drives given first, and no two plexes on one drive. Throws
 * VDS_E_NOT_ENOUGH_SPACE. */
Growth grow(const SubSystemRecord& subSystem, const Extents& promised, const LunRecord& lun, uint64_t bytes,
            DriveChoice drives);
uint64_t largestGrowth(const SubSystemRecord& subSystem, const Extents& promised, const LunRecord& lun,
                       DriveChoice drives);
void growLun(LunRecord& lun, const Growth& growth);

/** The bytes to remove, in whole units of every plex. Throws E_INVALIDARG when that is nothing, or would
 * leave nothing. */
uint64_t shrinkage(const LunRecord& lun, uint64_t bytes);
/** Takes whole units from the end of every plex. */
void shrinkLun(LunRecord& lun, uint64_t bytes);

/** Copies a mirror's failed plexes from a sound one, to other drives where theirs are missing. Throws Failure. */
void recoverLun(const SubSystemRecord& subSystem, const Extents& promised, LunRecord& lun);
/** The plexes of `source` become plexes of `lun`, a mirror from then on; `source` is no more. */
void mergeLuns(SubSystemRecord& subSystem, const GUID& lun, const GUID& source);
void removePlex(LunRecord& lun, const GUID& plex);

/** Whether a LUN, or an operation under way, has extents on the drive. */
bool isInUse(const SubSystemRecord& subSystem, const Extents& promised, const GUID& drive);
/** Moves the extents of a drive to the same places of another. Throws E_INVALIDARG unless that works, is as large and
 * holds nothing. */
void replaceDrive(SubSystemRecord& subSystem, const Extents& promised, const GUID& from, const GUID& to);

}  // namespace vdsc
