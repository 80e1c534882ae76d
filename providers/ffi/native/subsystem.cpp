#include "subsystem.h"

#include <algorithm>

#include "allocation.h"
#include "enumerator.h"
#include "iscsi_name.h"

namespace vdsc {
namespace {

/** The provider chooses the kind of LUN, and so the drives. */
bool isAutomagic(VDS_LUN_TYPE type) { return type >= VDS_LT_DEFAULT && type <= VDS_LT_NON_FAULT_TOLERANT; }
bool isConcrete(VDS_LUN_TYPE type) { return type >= VDS_LT_SIMPLE && type <= VDS_LT_RAID61; }
bool isSupported(VDS_LUN_TYPE type) { return type == VDS_LT_DEFAULT || type == VDS_LT_NON_FAULT_TOLERANT || type == VDS_LT_SIMPLE; }

/** The ';'-separated list as given, but each entry once. */
Text withoutDuplicates(const Text& list) {
  std::vector<Text> entries;
  for (size_t start = 0; start <= list.size();) {
    const size_t end = std::min(list.find(';', start), list.size());
    Text entry = list.substr(start, end - start);
    if (std::find(entries.begin(), entries.end(), entry) == entries.end()) entries.push_back(std::move(entry));
    start = end + 1;
  }
  Text result = entries.front();
  for (size_t i = 1; i < entries.size(); ++i) result.append(1, ';').append(entries[i]);
  return result;
}

bool isNameTaken(const System& system, const Claims& claims, const Text& name) {
  if (claims.holdName(name)) return true;
  for (const SubSystemRecord& subSystem : system.subSystems)
    for (const TargetRecord& target : subSystem.targets)
      if (target.iscsiName == name) return true;
  return false;
}

/** The end of a creation: the new member goes into the array, then into the cache, and its object is what the operation yields. */
template <class Entry, class Record>
Ref<IUnknown> commitMember(Call& call, System& system, std::vector<Record>& inArray, std::vector<GUID> SubSystemEntry::*inCache, const GUID& subSystem,
                           const Record& record, ULONG arriveEvent) {
  SubSystemEntry parent = call.cache.need<SubSystemEntry>(subSystem);
  (parent.*inCache).push_back(record.id);
  call.cache.put(subSystem, parent);
  call.cache.put(record.id, Entry{subSystem, record});
  const Key key = {Entry::kind, record.id};
  Ref<IUnknown> object = call.provider().object(key, subSystem);
  inArray.push_back(record);
  Known made = {{key, subSystem}};
  call.commit(system, arriveEvent, key);
  call.provider().known().merge(made);  // Needs no memory.
  return object;
}

}  // namespace

HRESULT SubSystem::GetProperties(VDS_SUB_SYSTEM_PROP* out) {
  return method(out, [&](Call& call) {
    const SubSystemFacts facts = entry(call).facts;
    OutText friendlyName = outText(facts.friendlyName);
    OutText identification = outText(facts.identification);
    out->id = key.id;
    out->pwszFriendlyName = friendlyName.release();
    out->pwszIdentification = identification.release();
    out->ulFlags = VDS_SF_LUN_MASKING_CAPABLE | VDS_SF_SUPPORTS_NON_FAULT_TOLERANT_LUNS | VDS_SF_SUPPORTS_SIMPLE_LUNS | VDS_SF_SUPPORTS_AUTH_CHAP;
    out->status = static_cast<VDS_SUB_SYSTEM_STATUS>(facts.status);
    out->health = static_cast<VDS_HEALTH>(facts.health);
    return S_OK;
  });
}

HRESULT SubSystem::GetProvider(IVdsProvider** out) {
  return method(out, [&](Call&) {
    *out = Ref<IVdsProvider>::share(&provider()).detach();
    return S_OK;
  });
}

template <class Member>
HRESULT SubSystem::members(IEnumVdsObject** out, std::vector<GUID> SubSystemEntry::*list) noexcept {
  return method(out, [&](Call& call) {
    Enumerator::Objects objects;
    const SubSystemEntry cached = entry(call);
    for (const GUID& id : cached.*list) {
      call.cache.verified<Member>(id);
      objects.push_back(provider().object({Member::kind, id}, key.id));
    }
    *out = Enumerator::make(provider(), std::move(objects)).detach();
    return S_OK;
  });
}

HRESULT SubSystem::CreateLun(VDS_LUN_TYPE type, ULONGLONG size, VDS_OBJECT_ID* drives, LONG driveCount, LPWSTR unmaskingList, VDS_HINTS*, IVdsAsync** out) {
  return method(out, [&](Call& call) {
    if (!isAutomagic(type) && !isConcrete(type)) fail(E_INVALIDARG);
    checkDriveList(drives, driveCount);
    if ((isAutomagic(type) && drives) || !unmaskingList || size == 0) fail(E_INVALIDARG);
    if (!isSupported(type)) fail(VDS_E_NOT_SUPPORTED);
    if (drives) fail(VDS_E_OBJECT_NOT_FOUND);
    LunRecord lun;
    lun.size = roundedUp(size);
    lun.unmaskingList = withoutDuplicates(unmaskingList);
    System system = provider().array().read();
    auto claim = claimSpace(provider().claims(), call.reach(system, key.id), lun.size);

    *out = Async::start(provider(), VDS_ASYNCOUT_CREATELUN, [subSystem = key.id, lun = std::move(lun), claim = std::move(claim)](Call& end) mutable {
      System system = end.provider().array().read();
      SubSystemRecord& record = end.reach(system, subSystem);
      lun.id = newGuid();
      lun.friendlyName = wide("LUN " + std::to_string(system.nextLun++));
      lun.identification = wide("VDSC-LUN-" + guidDigits(lun.id));
      Ref<IUnknown> object = commitMember<LunEntry>(end, system, record.luns, &SubSystemEntry::luns, subSystem, lun, VDS_NF_LUN_ARRIVE);
      claim = nullptr;  // The LUN itself takes the space now.
      return object;
    }).detach();
    return S_OK;
  });
}

HRESULT SubSystem::CreateTarget(LPWSTR iscsiName, LPWSTR friendlyName, IVdsAsync** out) {
  return method(out, [&](Call& call) {
    TargetRecord target;
    target.id = newGuid();
    target.iscsiName = iscsiName && *iscsiName ? Text(iscsiName) : wide("iqn.2026-11.example.vdsc:target-" + guidDigits(target.id));
    if (!isIscsiName(target.iscsiName)) fail(E_INVALIDARG);
    if (friendlyName) target.friendlyName = friendlyName;
    System system = provider().array().read();
    call.reach(system, key.id);
    if (isNameTaken(system, provider().claims(), target.iscsiName)) fail(VDS_E_NAME_NOT_UNIQUE);
    auto claim = provider().claims().add({key.id, 0, target.iscsiName});

    const bool isNamed = friendlyName != nullptr;
    *out = Async::start(provider(), VDS_ASYNCOUT_CREATETARGET, [subSystem = key.id, isNamed, target = std::move(target), claim = std::move(claim)](Call& end) mutable {
      System system = end.provider().array().read();
      SubSystemRecord& record = end.reach(system, subSystem);
      if (!isNamed) target.friendlyName = wide("Target " + std::to_string(system.nextTarget++));
      return commitMember<TargetEntry>(end, system, record.targets, &SubSystemEntry::targets, subSystem, target, VDS_NF_TARGET_ARRIVE);
    }).detach();
    return S_OK;
  });
}

HRESULT SubSystem::GetImportTarget(LPWSTR* out) {
  return method(out, [&](Call& call) {
    const Text name = entry(call).facts.importTarget;
    if (name.empty()) fail(VDS_E_NO_IMPORT_TARGET);
    *out = outText(name).release();
    return S_OK;
  });
}

// The documents call the parameter an iSCSI name and describe the id of a target, to be cleared by GUID_NULL. This provider takes names,
// whether or not such a target exists, and clears for NULL and for GUID_NULL alike.
HRESULT SubSystem::SetImportTarget(LPWSTR iscsiName) {
  return method([&](Call& call) {
    Text name = iscsiName ? Text(iscsiName) : Text();
    if (parseGuid(name) == kNullGuid) name.clear();
    else if (iscsiName && !isIscsiName(name)) fail(E_INVALIDARG);

    System system = provider().array().read();
    call.reach(system, key.id).facts.importTarget = name;
    SubSystemEntry cached = entry(call);
    cached.facts.importTarget = name;
    call.cache.put(key.id, cached);
    call.commit(system, 0, key);  // The import target is no property of the subsystem: no event.
    return S_OK;
  });
}

}  // namespace vdsc
