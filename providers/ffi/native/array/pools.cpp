#include "array/pools.h"

#include <algorithm>

#include "array/space.h"

namespace vdsc {
namespace {

bool shareAny(const std::vector<GUID>& one, const std::vector<GUID>& other) {
  return std::any_of(one.begin(), one.end(), [&other](const GUID& id) { return contains(other, id); });
}

}  // namespace

std::vector<GUID> drivesUnder(const LunRecord& lun) {
  std::vector<GUID> drives;
  for (const PlexRecord& plex : lun.plexes)
    for (const Extent& extent : plex.extents())
      if (!contains(drives, extent.drive)) drives.push_back(extent.drive);
  return drives;
}

std::vector<GUID> poolsOn(const SubSystemRecord& subSystem, const std::vector<GUID>& drives) {
  std::vector<GUID> pools;
  for (const PoolRecord& pool : subSystem.pools)
    if (shareAny(pool.drives, drives)) pools.push_back(pool.id);
  return pools;
}

std::vector<GUID> freeDrives(const SubSystemRecord& subSystem, const PoolRecord& pool) {
  std::vector<GUID> free;
  const auto isTaken = [&](const GUID& drive) {
    return pool.type == VDS_SPT_PRIMORDIAL &&
           std::any_of(subSystem.pools.begin(), subSystem.pools.end(), [&drive](const PoolRecord& other) {
             return other.type == VDS_SPT_CONCRETE && contains(other.drives, drive);
           });
  };
  std::copy_if(pool.drives.begin(), pool.drives.end(), std::back_inserter(free),
               [&isTaken](const GUID& drive) { return !isTaken(drive); });
  return free;
}

PoolContent contentOf(const SubSystemRecord& subSystem, const PoolRecord& pool) {
  PoolContent content;
  const std::vector<GUID> own = freeDrives(subSystem, pool);
  for (const GUID& id : pool.drives) {
    const auto drive = std::find_if(subSystem.drives.begin(), subSystem.drives.end(),
                                    [&id](const DriveRecord& d) { return d.id == id; });
    // A drive that was pulled is no longer there to be listed.
    if (drive == subSystem.drives.end() || !drive->present) continue;
    const bool isOwn = contains(own, id);
    Extents used;
    for (const UsedExtent& extent : usedExtents(subSystem, id)) used.push_back(extent.extent);
    for (const Extent& extent : used) content.stretches.push_back({id, extent.size, 1});
    const Extents free = gaps(*drive, used);
    // Extents of other pools are in use.
    for (const Extent& extent : free) content.stretches.push_back({id, extent.size, !isOwn});
    content.managed += drive->size;
    if (isOwn) content.remaining += sum(free);
  }
  for (const LunRecord& lun : subSystem.luns)
    if (shareAny(drivesUnder(lun), own)) content.luns.push_back(lun.id);
  if (pool.type == VDS_SPT_PRIMORDIAL)
    for (const PoolRecord& other : subSystem.pools)
      if (other.type == VDS_SPT_CONCRETE) content.pools.push_back(other.id);
  return content;
}

}  // namespace vdsc
