// The paths from this computer to a LUN of a Fibre Channel array: one from each HBA port that the LUN is unmasked to,
// to each controller port on which the LUN is active. What was set of a path is kept with the LUN.
#pragma once

#include "array/array.h"

namespace vdsc {

/** A port of this computer's host bus adapter, by its World Wide Names: 16 hexadecimal digits, the most significant
 * byte first. */
struct HbaPort {
  std::string_view node, port;
};
/** This computer's. */
inline constexpr HbaPort kHbaPorts[] = {{"20000000C9A1B2C3", "10000000C9A1B2C3"},
                                        {"20000000C9A1B2C3", "10000000C9A1B2C4"}};

/** A LUN's paths as they are now: one to a port that does not work has failed, whatever was set of it. */
std::vector<PathSettings> pathsOf(const SubSystemRecord& subSystem, const LunRecord& lun);
/** The settings of one path of a LUN, to be changed. */
PathSettings& settingsOf(LunRecord& lun, const PathSettings& path);

}  // namespace vdsc
