// Checks of a method's arguments that do not look at the array: lists of ids, names, masks, hints, secrets,
// statuses, kinds of LUN.
#pragma once

#include <initializer_list>

#include "cache/entries.h"

namespace vdsc {

/** As many ids as the count says; nothing for NULL. Throws E_INVALIDARG unless the array is NULL exactly if the count
 * is 0. */
std::optional<Ids> counted(const VDS_OBJECT_ID* ids, LONG count);
/** Throws VDS_E_OBJECT_NOT_FOUND unless the id is among those known. */
void checkKnown(const GUID& id, const Ids& known);
void checkKnown(const Ids& ids, const Ids& known);
/** Two lists between which all devices of a kind are divided. Answers the first. Throws VDS_E_OBJECT_NOT_FOUND for an
 * id that is not known, E_INVALIDARG unless each of those known is in exactly one of the lists, once. */
Ids divided(const VDS_OBJECT_ID* one, LONG oneCount, const VDS_OBJECT_ID* other, LONG otherCount, const Ids& known);
/** The drives to use for a LUN of the type in an array of the profile; nothing where the array may choose. Throws for a
 * type or a list that cannot be. */
std::optional<Ids> drivesFor(const Profile& profile, int32_t type, const VDS_OBJECT_ID* drives, LONG count,
                             const Ids& ofSubSystem);

/** The unmasking list to keep: names between ';' in the order given, each once. Throws E_INVALIDARG. */
Text unmaskingListOf(LPWSTR given);
/** The friendly name to keep: a long one is cut, not within a character. Throws E_INVALIDARG for NULL. */
struct FriendlyName {
  Text name;
  HRESULT answer = S_OK;
};
FriendlyName friendlyNameOf(LPWSTR given);
/** True for a secret to set, false for what clears it. Throws E_INVALIDARG for anything else. */
bool isSecret(const VDS_ISCSI_SHARED_SECRET* secret);
/** Throws E_INVALIDARG for what is no status or UNKNOWN, VDS_E_NOT_SUPPORTED for one that cannot be asked for. `others`
 * are those of the enumeration besides UNKNOWN, ONLINE and OFFLINE. */
void checkSettable(int32_t status, std::initializer_list<int32_t> others);
/** Sets the status. A device that had failed works again. */
void putStatus(Standing& standing, int32_t status);

/** The hints after more were applied: those whose mask bit is set, and those that have none and are not 0. */
Hints withHints(const Hints& before, const VDS_HINTS& more);
/** The members of the later structure that the first one has, too. */
VDS_HINTS firstHints(const VDS_HINTS2& hints);
/** The later structure, with the members that only it has left 0. */
VDS_HINTS2 laterHints(const VDS_HINTS& hints);
/** The bytes of a stripe: as hinted where that is a size which the array has. */
uint32_t stripeSizeOf(const Hints& hints);

}  // namespace vdsc
