// What CreateLun and Extend share: sizes in allocation units, the space that is left, and drive lists.
#pragma once

#include "provider.h"

namespace vdsc {

inline constexpr uint64_t kAllocationUnit = uint64_t{1} << 20;

/** The size rounded up to whole allocation units. */
inline uint64_t roundedUp(uint64_t bytes) {
  // Near 2^64 the sum would wrap round to a small size, which would then be granted.
  if (bytes > UINT64_MAX - (kAllocationUnit - 1)) fail(VDS_E_NOT_ENOUGH_SPACE);
  return (bytes + kAllocationUnit - 1) / kAllocationUnit * kAllocationUnit;
}

/** Sets the bytes aside until the operation ends. Throws VDS_E_NOT_ENOUGH_SPACE. */
inline std::shared_ptr<const Claim> claimSpace(Claims& claims, const SubSystemRecord& subSystem, uint64_t bytes) {
  const uint64_t taken = subSystem.usedBytes() + claims.bytesIn(subSystem.facts.id);
  if (taken > subSystem.facts.capacity || bytes > subSystem.facts.capacity - taken) fail(VDS_E_NOT_ENOUGH_SPACE);
  return claims.add({subSystem.facts.id, bytes, {}});
}

/** A drive list is there exactly if it counts something. This array shows no drives that it could name. */
inline void checkDriveList(const VDS_OBJECT_ID* drives, LONG count) {
  if (drives ? count <= 0 : count != 0) fail(E_INVALIDARG);
}

}  // namespace vdsc
