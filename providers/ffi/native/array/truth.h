// The contents of the array, as IVdsConformanceControl::ReadTruth reports them (docs/control-interface.md).
#pragma once

#include "array/array.h"

namespace vdsc {

/** JSON of all subsystems that can be reached. */
std::string truthOf(const System& system);

}  // namespace vdsc
