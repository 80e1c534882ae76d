// Deliberate defects, one a library: they prove that the suite notices what it claims to notice.
// scripts/build-native.mjs reads the names below (with '-' for '_') and compiles with -DVDSC_DEFECT=<name>; the
// reference library is built with none.
#pragma once

namespace vdsc {

enum class Defect {
  none,
  crash_in_refresh,      // Refresh trusts a look-up that found nothing.
  hang_in_reenumerate,   // Reenumerate waits for a bus scan that nobody ends, and holds the provider's mutex.
  new_guids,             // Recovery gives every LUN a new object id, as if it were another LUN.
  loads_first_lun_only,  // OnLoad reads the first LUN of each subsystem; the others come with the next Refresh.
  out_overrun,           // IVdsLun::GetProperties fills a structure of a later version, longer than the caller's.
};

#ifndef VDSC_DEFECT
#define VDSC_DEFECT none
#endif
inline constexpr Defect kDefect = Defect::VDSC_DEFECT;

}  // namespace vdsc
