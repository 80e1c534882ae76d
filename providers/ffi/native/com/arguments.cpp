#include "com/arguments.h"

#include <algorithm>

#include "array/iscsi_name.h"
#include "array/space.h"

namespace vdsc {
namespace {

/** The provider chooses the kind of LUN, and so the drives. */
bool isAutomagic(int32_t type) {
  return type >= VDS_LT_DEFAULT && type <= VDS_LT_NON_FAULT_TOLERANT;
}
bool isConcrete(int32_t type) {
  return type >= VDS_LT_SIMPLE && type <= VDS_LT_RAID61;
}

bool isWorldWideName(const Text& name) {
  return name.size() == 16 && std::all_of(name.begin(), name.end(), isHexDigit);
}

Text lowered(Text text) {
  for (WCHAR& c : text) c = toLower(c);
  return text;
}

}  // namespace

std::optional<Ids> counted(const VDS_OBJECT_ID* ids, LONG count) {
  if (ids ? count <= 0 : count != 0) fail(E_INVALIDARG);
  if (!ids) return std::nullopt;
  return Ids(ids, ids + count);
}

void checkKnown(const GUID& id, const Ids& known) {
  if (!contains(known, id)) fail(VDS_E_OBJECT_NOT_FOUND);
}

void checkKnown(const Ids& ids, const Ids& known) {
  for (const GUID& id : ids) checkKnown(id, known);
}

Ids divided(const VDS_OBJECT_ID* one, LONG oneCount, const VDS_OBJECT_ID* other, LONG otherCount, const Ids& known) {
  const Ids first = counted(one, oneCount).value_or(Ids());
  Ids all = first;
  for (const GUID& id : counted(other, otherCount).value_or(Ids())) all.push_back(id);
  checkKnown(all, known);
  const bool hasEach = std::all_of(known.begin(), known.end(), [&all](const GUID& id) { return contains(all, id); });
  if (all.size() != known.size() || !hasEach) fail(E_INVALIDARG);
  return first;
}

std::optional<Ids> drivesFor(const Profile& profile, int32_t type, const VDS_OBJECT_ID* drives, LONG count,
                             const Ids& ofSubSystem) {
  if (!isAutomagic(type) && !isConcrete(type)) fail(E_INVALIDARG);
  std::optional<Ids> ids = counted(drives, count);
  if (isAutomagic(type) && ids) fail(E_INVALIDARG);
  const bool isMade = type <= VDS_LT_MIRROR || (hasParity(type) && profile.has(Feature::pools));
  if (!isMade) fail(VDS_E_NOT_SUPPORTED);
  if (ids) checkKnown(*ids, ofSubSystem);
  return ids;
}

Text unmaskingListOf(LPWSTR given) {
  if (!given) fail(E_INVALIDARG);
  const Text list = given;
  if (list.empty() || list == wide("*")) return list;
  Text kept;
  std::vector<Text> seen;
  for (size_t start = 0; start <= list.size();) {
    const size_t end = std::min(list.find(';', start), list.size());
    const Text name = list.substr(start, end - start);
    if (!isWorldWideName(name) && !isIscsiName(name)) fail(E_INVALIDARG);
    if (const Text key = lowered(name); std::find(seen.begin(), seen.end(), key) == seen.end()) {
      seen.push_back(key);
      if (!kept.empty()) kept += WCHAR{';'};
      kept += name;
    }
    start = end + 1;
  }
  return kept;
}

FriendlyName friendlyNameOf(LPWSTR given) {
  constexpr size_t kLongest = 64;
  if (!given) fail(E_INVALIDARG);
  Text name = given;
  if (name.size() <= kLongest) return {std::move(name), S_OK};
  name.resize(kLongest);
  if (name.back() >= 0xD800 && name.back() <= 0xDBFF) name.pop_back();
  return {std::move(name), VDS_S_NAME_TRUNCATED};
}

bool isSecret(const VDS_ISCSI_SHARED_SECRET* secret) {
  constexpr ULONG kShortest = 12, kLongest = 16;
  if (!secret || (!secret->pSharedSecret && secret->ulSharedSecretSize == 0)) return false;
  if (!secret->pSharedSecret || secret->ulSharedSecretSize < kShortest || secret->ulSharedSecretSize > kLongest)
    fail(E_INVALIDARG);
  return true;
}

void checkSettable(int32_t status, std::initializer_list<int32_t> others) {
  if (status == VDS_LS_ONLINE || status == VDS_LS_OFFLINE) return;
  fail(std::find(others.begin(), others.end(), status) != others.end() ? VDS_E_NOT_SUPPORTED : E_INVALIDARG);
}

void putStatus(Standing& standing, int32_t status) {
  standing.status = status;
  if (standing.health == VDS_H_FAILED) standing.health = VDS_H_HEALTHY;
}

Hints withHints(const Hints& before, const VDS_HINTS& more) {
  Hints hints = before;
  VDS_HINTS& kept = hints.value;
  const auto applyBit = [&](ULONGLONG bit, BOOL VDS_HINTS::*member) {
    if ((more.ullHintMask & bit) == 0) return;
    kept.ullHintMask |= bit;
    kept.*member = more.*member;
  };
  // Hints of features that the flags of the subsystems deny stay unmet: remapping, verification, write-through,
  // checksum.
  applyBit(VDS_HINT_FASTCRASHRECOVERYREQUIRED, &VDS_HINTS::bFastCrashRecoveryRequired);
  applyBit(VDS_HINT_MOSTLYREADS, &VDS_HINTS::bMostlyReads);
  applyBit(VDS_HINT_OPTIMIZEFORSEQUENTIALREADS, &VDS_HINTS::bOptimizeForSequentialReads);
  applyBit(VDS_HINT_OPTIMIZEFORSEQUENTIALWRITES, &VDS_HINTS::bOptimizeForSequentialWrites);
  applyBit(VDS_HINT_ISYANKABLE, &VDS_HINTS::bIsYankable);
  const auto applyGiven = [&](auto VDS_HINTS::*member) {
    if (more.*member != 0) kept.*member = more.*member;
  };
  applyGiven(&VDS_HINTS::ullExpectedMaximumSize);
  for (ULONG VDS_HINTS::*member :
       {&VDS_HINTS::ulOptimalReadSize, &VDS_HINTS::ulOptimalReadAlignment, &VDS_HINTS::ulOptimalWriteSize,
        &VDS_HINTS::ulOptimalWriteAlignment, &VDS_HINTS::ulMaximumDriveCount, &VDS_HINTS::ulStripeSize})
    applyGiven(member);
  applyGiven(&VDS_HINTS::sRebuildPriority);
  return hints;
}

namespace {

/** Copies the members that both structures have. */
template <class To, class From>
To sameHints(const From& from) {
  To to = {};
  to.ullHintMask = from.ullHintMask;
  to.ullExpectedMaximumSize = from.ullExpectedMaximumSize;
  to.ulOptimalReadSize = from.ulOptimalReadSize;
  to.ulOptimalReadAlignment = from.ulOptimalReadAlignment;
  to.ulOptimalWriteSize = from.ulOptimalWriteSize;
  to.ulOptimalWriteAlignment = from.ulOptimalWriteAlignment;
  to.ulMaximumDriveCount = from.ulMaximumDriveCount;
  to.ulStripeSize = from.ulStripeSize;
  to.bFastCrashRecoveryRequired = from.bFastCrashRecoveryRequired;
  to.bMostlyReads = from.bMostlyReads;
  to.bOptimizeForSequentialReads = from.bOptimizeForSequentialReads;
  to.bOptimizeForSequentialWrites = from.bOptimizeForSequentialWrites;
  to.bRemapEnabled = from.bRemapEnabled;
  to.bReadBackVerifyEnabled = from.bReadBackVerifyEnabled;
  to.bWriteThroughCachingEnabled = from.bWriteThroughCachingEnabled;
  to.bHardwareChecksumEnabled = from.bHardwareChecksumEnabled;
  to.bIsYankable = from.bIsYankable;
  to.sRebuildPriority = from.sRebuildPriority;
  return to;
}

}  // namespace

VDS_HINTS firstHints(const VDS_HINTS2& hints) {
  return sameHints<VDS_HINTS>(hints);
}
VDS_HINTS2 laterHints(const VDS_HINTS& hints) {
  return sameHints<VDS_HINTS2>(hints);
}

uint32_t stripeSizeOf(const Hints& hints) {
  const uint32_t size = hints.value.ulStripeSize;
  return size != 0 && (size & kStripeSizes) == size && (size & (size - 1)) == 0 ? size : kStripeSize;
}

}  // namespace vdsc
