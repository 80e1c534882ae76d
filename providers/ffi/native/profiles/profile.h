// Which kind of array the system stands for. A profile is data: what the objects of its provider offer beyond what all
// have, and what its subsystems say of themselves.
#pragma once

#include "com/base.h"

namespace vdsc {

/** A group of interfaces, and of devices behind them, that not every kind of array has. */
enum class Feature : uint32_t {
  /** The interfaces and events that came after VDS 1.0. */
  later = 1,
  /** Targets, portals and the import target. */
  iscsi = 2,
  /** Controller ports that are objects, and several paths to a LUN. */
  multipath = 4,
  /** Storage pools and what else VDS 3.0 brought: second versions, parity, LUN numbers, maintenance, simple targets. */
  pools = 8,
};

struct Profile {
  std::string_view name;
  uint32_t features;
  VDS_HWPROVIDER_TYPE type;
  VDS_STORAGE_BUS_TYPE busType;
  /** VDS_SF_*, those of RAID types, and VDS_ITF_*. */
  ULONG flags, raidTypes, interconnects;

  bool has(Feature feature) const noexcept { return (features & static_cast<uint32_t>(feature)) != 0; }
  /** Whether an object that can have the interface has it in this profile. */
  bool offers(REFIID iid) const noexcept;
};

/** A profile's place among all, as the array's file keeps it. */
using ProfileNumber = uint8_t;
inline constexpr ProfileNumber kDefaultProfile = 0;
/** Throws Failure for a number that no profile has: the file is damaged. */
const Profile& profileOf(ProfileNumber number);
/** Throws E_INVALIDARG for a name that no profile has. */
ProfileNumber profileNamed(std::string_view name);

}  // namespace vdsc
