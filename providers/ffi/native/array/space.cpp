#include "array/space.h"

#include <algorithm>
#include <functional>
#include <numeric>
#include <set>

namespace vdsc {
namespace {

/** A drive and the stretches of it that are free, by offset. */
struct Space {
  GUID drive = {};
  Extents free;
  uint64_t total = 0;
};

[[noreturn]] void notEnoughSpace() {
  fail(VDS_E_NOT_ENOUGH_SPACE);
}

uint64_t roundUp(uint64_t bytes, uint64_t unit) {
  // Near 2^64 the sum would wrap round to a small size, which would then be granted.
  if (bytes > UINT64_MAX - (unit - 1)) notEnoughSpace();
  return (bytes + unit - 1) / unit * unit;
}

void append(Extents& extents, const Extents& more) {
  extents.insert(extents.end(), more.begin(), more.end());
}

const DriveRecord* driveOf(const SubSystemRecord& subSystem, const GUID& id) {
  const auto found = std::find_if(subSystem.drives.begin(), subSystem.drives.end(),
                                  [&id](const DriveRecord& d) { return d.id == id; });
  return found == subSystem.drives.end() ? nullptr : &*found;
}

bool byOffset(const Extent& a, const Extent& b) {
  return a.offset < b.offset;
}

std::vector<GUID> drivesBySlot(const SubSystemRecord& subSystem) {
  std::vector<const DriveRecord*> drives;
  for (const DriveRecord& drive : subSystem.drives) drives.push_back(&drive);
  std::stable_sort(drives.begin(), drives.end(), [](const auto* a, const auto* b) { return a->slot < b->slot; });
  std::vector<GUID> ids;
  for (const DriveRecord* drive : drives) ids.push_back(drive->id);
  return ids;
}

/** Whether space may be taken of a drive: it is there, works, and is not kept as a hot spare. */
bool isUsable(const DriveRecord& drive) {
  return drive.present && drive.standing.status == VDS_DRS_ONLINE && (drive.flags & VDS_DRF_HOTSPARE) == 0;
}

/** Those of the drives that may be used, each once. */
std::vector<Space> spaces(const SubSystemRecord& subSystem, const Extents& promised, const std::vector<GUID>& drives) {
  std::vector<Space> found;
  std::vector<GUID> seen;
  for (const GUID& id : drives) {
    const DriveRecord* drive = driveOf(subSystem, id);
    if (contains(seen, id) || !drive || !isUsable(*drive)) continue;
    seen.push_back(id);
    Extents taken;
    for (const UsedExtent& used : usedExtents(subSystem, id)) taken.push_back(used.extent);
    std::copy_if(promised.begin(), promised.end(), std::back_inserter(taken),
                 [&id](const Extent& e) { return e.drive == id; });
    std::sort(taken.begin(), taken.end(), byOffset);
    Extents free = gaps(*drive, taken);
    const uint64_t total = sum(free);
    found.push_back({id, std::move(free), total});
  }
  return found;
}

/** So many bytes of these stretches, in order, or all there are. */
Extents cut(const Extents& free, uint64_t bytes) {
  Extents taken;
  for (const Extent& extent : free) {
    if (bytes == 0) break;
    taken.push_back({extent.drive, extent.offset, std::min(extent.size, bytes)});
    bytes -= taken.back().size;
  }
  return taken;
}

Extents freeOf(const std::vector<Space>& spaces) {
  Extents free;
  for (const Space& space : spaces) append(free, space.free);
  return free;
}

std::vector<Space> withRoom(const std::vector<Space>& on, uint64_t bytes, size_t most) {
  std::vector<Space> roomy;
  std::copy_if(on.begin(), on.end(), std::back_inserter(roomy), [bytes](const Space& s) { return s.total >= bytes; });
  if (roomy.size() > most) roomy.resize(most);
  return roomy;
}

bool isSpread(const PlexRecord& plex) {
  const Extents extents = plex.extents();
  return std::any_of(extents.begin(), extents.end(), [&](const Extent& e) { return e.drive != extents.front().drive; });
}

PlexRecord concatenated(Extents extents) {
  PlexRecord plex;
  plex.columns.push_back(std::move(extents));
  plex.type = isSpread(plex) ? VDS_LPT_SPAN : VDS_LPT_SIMPLE;
  return plex;
}

Layout mirror(const std::vector<Space>& on, uint64_t bytes) {
  if (on.size() < 2) fail(VDS_E_NOT_ENOUGH_DRIVE);
  const uint64_t size = roundUp(bytes, kAllocationUnit);
  const std::vector<Space> roomy = withRoom(on, size, 2);
  if (roomy.size() < 2) notEnoughSpace();
  return {VDS_LT_MIRROR, size, {concatenated(cut(roomy[0].free, size)), concatenated(cut(roomy[1].free, size))}};
}

/** Over as many drives as have room; over exactly the drives that a caller named. */
Layout stripe(const std::vector<Space>& on, uint64_t bytes, bool exactly, uint32_t stripeSize) {
  if (on.size() < 2) fail(VDS_E_NOT_ENOUGH_DRIVE);
  for (size_t columns = on.size(); columns >= (exactly ? on.size() : 2); --columns) {
    const uint64_t each = roundUp(bytes / columns + (bytes % columns != 0), kAllocationUnit);
    const std::vector<Space> roomy = withRoom(on, each, columns);
    if (roomy.size() < columns) continue;
    PlexRecord plex;
    plex.type = VDS_LPT_STRIPE;
    plex.stripeSize = stripeSize;
    for (const Space& space : roomy) plex.columns.push_back(cut(space.free, each));
    return {VDS_LT_STRIPE, each * columns, {std::move(plex)}};
  }
  notEnoughSpace();
}

/** Over all of the drives. The parity of each stripe takes as much as the data on one of its drives. */
Layout withParity(const std::vector<Space>& on, int32_t type, uint64_t bytes, uint32_t stripeSize) {
  if (on.size() < 3) fail(VDS_E_NOT_ENOUGH_DRIVE);
  const uint64_t data = on.size() - 1, size = roundUp(bytes, kAllocationUnit);
  const uint64_t each = roundUp(size / data + (size % data != 0), kAllocationUnit);
  PlexRecord plex;
  plex.type = type;
  plex.stripeSize = stripeSize;
  for (const Space& space : on) {
    if (space.total < each) notEnoughSpace();
    plex.columns.push_back(cut(space.free, each));
  }
  return {type, each * data, {std::move(plex)}};
}

Layout concatenation(const std::vector<Space>& on, int32_t type, uint64_t bytes) {
  const uint64_t size = roundUp(bytes, kAllocationUnit);
  const std::vector<Space> single = type == VDS_LT_SPAN ? std::vector<Space>() : withRoom(on, size, 1);
  const Extents free = single.empty() ? freeOf(on) : single.front().free;
  if (single.empty() && (type == VDS_LT_SIMPLE || sum(free) < size)) notEnoughSpace();
  PlexRecord plex = concatenated(cut(free, size));
  if (type == VDS_LT_SPAN) plex.type = VDS_LPT_SPAN;
  const int32_t lunType = plex.type;
  return {lunType, size, {std::move(plex)}};
}

/** The largest whole number of units for which an attempt does not fail, by halving: what succeeds for a size succeeds
 * for all below it. */
uint64_t largestFor(const SubSystemRecord& subSystem, const std::function<void(uint64_t)>& attempt) {
  uint64_t fitting = 0, tooMany = 1;
  for (const DriveRecord& drive : subSystem.drives) tooMany += drive.size / kAllocationUnit;
  while (tooMany - fitting > 1) {
    const uint64_t middle = fitting + (tooMany - fitting) / 2;
    try {
      attempt(middle * kAllocationUnit);
      fitting = middle;
    } catch (const Failure&) {
      tooMany = middle;
    }
  }
  return fitting * kAllocationUnit;
}

/** The smallest change of size that is whole units in every column of every plex. */
uint64_t wholeColumns(const LunRecord& lun) {
  uint64_t common = 1;
  for (const PlexRecord& plex : lun.plexes) common = std::lcm(common, uint64_t{plex.columns.size()});
  return kAllocationUnit * common;
}

std::vector<GUID> drivesOf(const PlexRecord& plex) {
  std::vector<GUID> drives;
  for (const Extent& extent : plex.extents()) drives.push_back(extent.drive);
  return drives;
}

std::vector<GUID> without(const std::vector<GUID>& ids, const std::vector<GUID>& others) {
  std::vector<GUID> left;
  std::copy_if(ids.begin(), ids.end(), std::back_inserter(left),
               [&others](const GUID& id) { return !contains(others, id); });
  return left;
}

/** So many bytes of these drives, which are then taken. Throws VDS_E_NOT_ENOUGH_SPACE. */
Extents takeFrom(const SubSystemRecord& subSystem, Extents& taken, const std::vector<GUID>& drives, uint64_t bytes) {
  const Extents found = cut(freeOf(spaces(subSystem, taken, drives)), bytes);
  if (sum(found) < bytes) notEnoughSpace();
  append(taken, found);
  return found;
}

/** A plex that grew beyond its drive is a span, and a LUN of one plex has the type of that plex. */
void settleTypes(LunRecord& lun) {
  for (PlexRecord& plex : lun.plexes)
    if (plex.type == VDS_LPT_SIMPLE && isSpread(plex)) plex.type = VDS_LPT_SPAN;
  if (lun.plexes.size() == 1) lun.type = lun.plexes.front().type;
}

}  // namespace

uint64_t sum(const Extents& extents) {
  uint64_t total = 0;
  for (const Extent& extent : extents) total += extent.size;
  return total;
}

bool isLost(const SubSystemRecord& subSystem, const Extent& extent) {
  const DriveRecord* drive = driveOf(subSystem, extent.drive);
  return !drive || !drive->present;
}

std::vector<UsedExtent> usedExtents(const SubSystemRecord& subSystem, const GUID& drive) {
  std::vector<UsedExtent> used;
  for (const LunRecord& lun : subSystem.luns)
    for (const PlexRecord& plex : lun.plexes)
      for (const Extent& extent : plex.extents())
        if (extent.drive == drive) used.push_back({extent, plex.id, lun.id});
  std::sort(used.begin(), used.end(),
            [](const UsedExtent& a, const UsedExtent& b) { return byOffset(a.extent, b.extent); });
  return used;
}

Extents gaps(const DriveRecord& drive, const Extents& taken) {
  Extents free;
  uint64_t at = 0;
  for (const Extent& extent : taken) {
    if (extent.offset > at) free.push_back({drive.id, at, extent.offset - at});
    at = extent.offset + extent.size;
  }
  if (at < drive.size) free.push_back({drive.id, at, drive.size - at});
  return free;
}

Extents Layout::extents() const {
  Extents all;
  for (const PlexRecord& plex : plexes) append(all, plex.extents());
  return all;
}

Layout layOut(const SubSystemRecord& subSystem, const Extents& promised, int32_t type, uint64_t bytes,
              DriveChoice drives, uint32_t stripeSize) {
  const std::vector<Space> on = spaces(subSystem, promised, drives ? *drives : drivesBySlot(subSystem));
  switch (type) {
    case VDS_LT_MIRROR:
    case VDS_LT_FAULT_TOLERANT:
      return mirror(on, bytes);
    case VDS_LT_STRIPE:
      return stripe(on, bytes, drives != nullptr, stripeSize);
    case VDS_LT_PARITY:
    case VDS_LT_RAID5:
      return withParity(on, type, bytes, stripeSize);
    default:
      return concatenation(on, type, bytes);
  }
}

uint64_t largestLun(const SubSystemRecord& subSystem, const Extents& promised, int32_t type, DriveChoice drives) {
  return largestFor(subSystem, [&](uint64_t bytes) { layOut(subSystem, promised, type, bytes, drives, kStripeSize); });
}

void place(LunRecord& lun, const Layout& layout) {
  lun.type = layout.type;
  lun.size = layout.size;
  lun.plexes = layout.plexes;
  for (PlexRecord& plex : lun.plexes) {
    plex.id = newGuid();
    plex.hints = lun.hints;
  }
}

Extents Growth::extents() const {
  Extents all;
  for (const auto& [plex, columns] : added)
    for (const Extents& column : columns) append(all, column);
  return all;
}

bool Growth::covers(const LunRecord& lun) const {
  return added.size() == lun.plexes.size() && std::all_of(added.begin(), added.end(), [&](const auto& share) {
           return std::any_of(lun.plexes.begin(), lun.plexes.end(),
                              [&](const PlexRecord& plex) { return plex.id == share.first; });
         });
}

Growth grow(const SubSystemRecord& subSystem, const Extents& promised, const LunRecord& lun, uint64_t bytes,
            DriveChoice drives) {
  Growth growth;
  growth.bytes = roundUp(bytes, wholeColumns(lun));
  Extents taken = promised;
  for (const PlexRecord& plex : lun.plexes) {
    std::vector<GUID> others;
    for (const PlexRecord& other : lun.plexes)
      if (other.id != plex.id)
        for (const GUID& id : drivesOf(other)) others.push_back(id);
    for (const auto& [id, columns] : growth.added)
      for (const Extents& column : columns)
        for (const Extent& extent : column) others.push_back(extent.drive);
    std::vector<Extents> added;
    for (const Extents& column : plex.columns) {
      std::vector<GUID> own;
      for (const Extent& extent : column) own.push_back(extent.drive);
      // A column of a stripe stays on its own drives, or the stripe would read two columns from one.
      std::vector<GUID> candidates = own;
      if (plex.columns.size() == 1) {
        candidates = drives ? *drives : std::vector<GUID>();
        candidates.insert(candidates.end(), own.begin(), own.end());
        const std::vector<GUID> bySlot = drivesBySlot(subSystem);
        candidates.insert(candidates.end(), bySlot.begin(), bySlot.end());
        candidates = without(candidates, others);
      }
      added.push_back(takeFrom(subSystem, taken, candidates, growth.bytes / plex.columns.size()));
    }
    growth.added.emplace_back(plex.id, std::move(added));
  }
  return growth;
}

uint64_t largestGrowth(const SubSystemRecord& subSystem, const Extents& promised, const LunRecord& lun,
                       DriveChoice drives) {
  return largestFor(subSystem, [&](uint64_t bytes) { grow(subSystem, promised, lun, bytes, drives); });
}

void growLun(LunRecord& lun, const Growth& growth) {
  lun.size += growth.bytes;
  for (const auto& [id, columns] : growth.added)
    if (PlexRecord* plex = withId(lun.plexes, id))
      for (size_t n = 0; n < std::min(columns.size(), plex->columns.size()); ++n) append(plex->columns[n], columns[n]);
  settleTypes(lun);
}

uint64_t shrinkage(const LunRecord& lun, uint64_t bytes) {
  const uint64_t unit = wholeColumns(lun);
  const uint64_t removed = bytes / unit * unit;
  if (removed == 0 || removed >= lun.size) fail(E_INVALIDARG);
  return removed;
}

void shrinkLun(LunRecord& lun, uint64_t bytes) {
  lun.size -= bytes;
  for (PlexRecord& plex : lun.plexes)
    for (Extents& column : plex.columns) column = cut(column, sum(column) - bytes / plex.columns.size());
  settleTypes(lun);
}

void recoverLun(const SubSystemRecord& subSystem, const Extents& promised, LunRecord& lun) {
  Extents taken = promised;
  std::vector<PlexRecord> recovered = lun.plexes;
  size_t sound = 0;
  for (PlexRecord& plex : recovered) {
    if (!plexStanding(subSystem, plex).hasFailed()) {
      ++sound;
      continue;
    }
    std::vector<GUID> others;
    for (const PlexRecord& other : recovered)
      if (other.id != plex.id)
        for (const GUID& id : drivesOf(other)) others.push_back(id);
    for (Extents& column : plex.columns) {
      Extents rebuilt;
      for (const Extent& extent : column)
        append(rebuilt, isLost(subSystem, extent)
                            ? takeFrom(subSystem, taken, without(drivesBySlot(subSystem), others), extent.size)
                            : Extents{extent});
      column = std::move(rebuilt);
    }
    plex.standing = Standing();
  }
  if (sound == 0) fail(VDS_E_OBJECT_STATUS_FAILED);
  lun.plexes = std::move(recovered);
  if (lun.standing.hasFailed()) lun.standing = Standing();
  settleTypes(lun);
}

void mergeLuns(SubSystemRecord& subSystem, const GUID& lun, const GUID& source) {
  LunRecord& into = *withId(subSystem.luns, lun);
  const std::vector<PlexRecord> plexes = withId(subSystem.luns, source)->plexes;
  into.plexes.insert(into.plexes.end(), plexes.begin(), plexes.end());
  into.type = VDS_LT_MIRROR;
  subSystem.luns.erase(std::remove_if(subSystem.luns.begin(), subSystem.luns.end(),
                                      [&source](const LunRecord& l) { return l.id == source; }),
                       subSystem.luns.end());
}

void removePlex(LunRecord& lun, const GUID& plex) {
  lun.plexes.erase(
      std::remove_if(lun.plexes.begin(), lun.plexes.end(), [&plex](const PlexRecord& p) { return p.id == plex; }),
      lun.plexes.end());
  settleTypes(lun);
}

bool isInUse(const SubSystemRecord& subSystem, const Extents& promised, const GUID& drive) {
  return !usedExtents(subSystem, drive).empty() ||
         std::any_of(promised.begin(), promised.end(), [&drive](const Extent& e) { return e.drive == drive; });
}

void replaceDrive(SubSystemRecord& subSystem, const Extents& promised, const GUID& from, const GUID& to) {
  const DriveRecord* replaced = driveOf(subSystem, from);
  const DriveRecord* replacement = driveOf(subSystem, to);
  if (!replaced || !replacement || !replacement->present) fail(VDS_E_OBJECT_NOT_FOUND);
  const bool works = replacement->standing.status == VDS_DRS_ONLINE;
  if (from == to || !works || replacement->size < replaced->size || isInUse(subSystem, promised, to))
    fail(E_INVALIDARG);
  for (LunRecord& lun : subSystem.luns)
    for (PlexRecord& plex : lun.plexes)
      for (Extents& column : plex.columns)
        for (Extent& extent : column)
          if (extent.drive == from) extent.drive = to;
}

}  // namespace vdsc
