// The faults of the cache: they change the file's bytes and nothing else. A correct provider finds them by verifying;
// the stale entry, under a right checksum, it cannot find.
#pragma once

#include "cache/cache.h"

namespace vdsc {

/** The change by a fault: the place, and the content before and, read back, after it. */
struct Alteration {
  std::string where, before, after;
  /** A device that the fault made. */
  std::optional<GUID> newObject;
};

/** Damages one entry. Throws VDS_E_NOT_SUPPORTED where the entry has not what the fault needs. */
Alteration damage(Cache& cache, CacheImage image, VDSC_FAULT_KIND kind, const CacheRecord& record, size_t faultNumber);

}  // namespace vdsc
