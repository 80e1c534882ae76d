#include "injection/injection.h"

#include <algorithm>

#include "array/space.h"

namespace vdsc {
namespace {

constexpr uint64_t kImportedSize = uint64_t{64} << 20;
constexpr size_t kSmallObject = 64;

[[noreturn]] void unsuitable() {
  fail(VDS_E_NOT_SUPPORTED);
}

/** A connected subsystem's devices by id. */
std::map<GUID, Bytes, ById> statesOf(System& system, const GUID& subSystem) {
  std::map<GUID, Bytes, ById> states;
  if (SubSystemRecord* record = system.connected(subSystem))
    for (const Found& found : devicesOf(*record)) states[found.id] = entryOf(found, EverythingKnown());
  return states;
}

/** The device's friendly name, where it has one. */
Text* nameOf(const Found& found) {
  switch (found.kind) {
    case Kind::subSystem:
      return &found.subSystem->facts.friendlyName;
    case Kind::lun:
      return &found.lun->friendlyName;
    case Kind::drive:
      return &found.drive->friendlyName;
    case Kind::controller:
      return &found.controller->friendlyName;
    case Kind::port:
      return &found.port->friendlyName;
    case Kind::target:
      return &found.target->friendlyName;
    default:
      return nullptr;
  }
}

Standing* standingOf(const Found& found) {
  switch (found.kind) {
    case Kind::subSystem:
      return &found.subSystem->facts.standing;
    case Kind::lun:
      return &found.lun->standing;
    case Kind::plex:
      return &found.plex->standing;
    case Kind::drive:
      return &found.drive->standing;
    case Kind::controller:
      return &found.controller->standing;
    default:
      return nullptr;
  }
}

/** The status of a device that has no health beside it. */
int32_t* bareStatusOf(const Found& found) {
  return found.kind == Kind::portal ? &found.portal->status : found.kind == Kind::port ? &found.port->status : nullptr;
}

std::string inWords(const Standing& standing) {
  return "status " + std::to_string(standing.status) + " health " + std::to_string(standing.health);
}

}  // namespace

Alteration Injection::make() {
  switch (kind_) {
    case VDSC_FK_FLIPPED_BYTES:
    case VDSC_FK_LOST_ENTRY:
    case VDSC_FK_DANGLING_REFERENCE:
    case VDSC_FK_TORN_WRITE:
    case VDSC_FK_STALE_ENTRY:
      return damageCache();
    case VDSC_FK_DELETE_OBJECT:
      return deleteObject();
    case VDSC_FK_DISCONNECT:
      return disconnect();
    case VDSC_FK_CHANGE_OBJECT:
      return changeObject();
    case VDSC_FK_RECREATE_OBJECT:
      return recreateObject();
    case VDSC_FK_IMPORT_LUN:
      return importLun();
    case VDSC_FK_EXHAUST_MEMORY:
      return exhaustMemory();
    case VDSC_FK_DEVICE_ERROR:
      return obstruct(Trouble::deviceError);
    case VDSC_FK_FAIL_STATUS:
      return failStatus();
    case VDSC_FK_LATENCY:
      return obstruct(Trouble::latency);
    case VDSC_FK_HANG:
      return obstruct(Trouble::hang);
    case VDSC_FK_CRASH:
      return crash();
    case VDSC_FK_LOSE_EVENT:
      return disturb(Disturbance::lose);
    case VDSC_FK_DUPLICATE_EVENT:
      return disturb(Disturbance::duplicate);
    case VDSC_FK_REORDER_EVENTS:
      return disturb(Disturbance::reorder);
  }
  fail(E_INVALIDARG);
}

GUID Injection::subSystem() const {
  System system = array().read();
  const std::optional<Found> found = system.findAny(object_);
  if (!found) fail(VDS_E_OBJECT_NOT_FOUND);
  return found->subSystem->facts.id;
}

ArrayEvents Injection::administer(State& state, bool notify, const GUID& subSystem, const Act& act) {
  System system = state.array.read();
  const auto before = statesOf(system, subSystem);
  act(system);
  const auto after = statesOf(system, subSystem);
  state.array.write(system);
  ArrayEvent event{subSystem, {}};
  // A subsystem comes and goes with what it holds.
  if (before.count(subSystem) != after.count(subSystem)) {
    event.devices = {subSystem};
  } else {
    for (const auto& [id, entry] : before)
      if (!after.count(id)) event.devices.push_back(id);
    for (const auto& [id, entry] : after)
      if (const auto was = before.find(id); was == before.end() || was->second != entry) event.devices.push_back(id);
  }
  return notify && !event.devices.empty() ? state.events.send(event) : ArrayEvents();
}

Alteration Injection::change(const std::function<std::string()>& look, const Act& act, const Act& undo) {
  Alteration change{"array.bin", look(), {}, {}};
  const GUID owner = subSystem();
  events = administer(state(), notify_, owner, act);
  change.after = look();
  if (undo) heal = [&state = state(), notify = notify_, owner, undo] { return administer(state, notify, owner, undo); };
  return change;
}

std::string Injection::presence(const GUID& device) const {
  return array().read().findAny(device) ? "present" : "absent";
}

Alteration Injection::damageCache() {
  if (!provider_.isLoaded()) fail(VDS_E_INITIALIZE_NOT_CALLED);
  for (const CacheRecord& record : call_.cache.records())
    if (record.key.kind != Kind::directory && record.key.id == object_)
      return damage(*provider_.cache_, call_.cache, kind_, record, state().faults.size());
  unsuitable();  // Its entry is lost already.
}

Alteration Injection::deleteObject() {
  System system = array().read();
  const std::optional<Found> found = system.findAny(object_);
  if (found && found->kind == Kind::port) unsuitable();  // It goes with its controller.
  return change([this] { return presence(object_); }, [id = object_](System& system) { system.remove(id); }, nullptr);
}

Alteration Injection::disconnect() {
  System system = array().read();
  const std::optional<Found> found = system.find(object_);
  subSystem();
  if (!found || (found->kind != Kind::subSystem && found->kind != Kind::drive)) unsuitable();
  const auto connect = [id = object_](uint8_t on) {
    return [id, on](System& system) {
      const std::optional<Found> found = system.findAny(id);
      if (!found) return;  // It was deleted meanwhile.
      (found->kind == Kind::drive ? found->drive->present : found->subSystem->connected) = on;
    };
  };
  return change([this] { return std::string(array().read().find(object_) ? "connected" : "disconnected"); }, connect(0),
                connect(1));
}

Alteration Injection::changeObject() {
  System system = array().read();
  const std::optional<Found> found = system.find(object_);
  if (!found || !nameOf(*found)) unsuitable();
  const Text before = *nameOf(*found);
  const Text name = wide("Renamed " + std::to_string(state().faults.size() + 1));
  const auto rename = [id = object_](const Text& from, const Text& to) {
    return [id, from, to](System& system) {
      const std::optional<Found> found = system.findAny(id);
      if (found && *nameOf(*found) == from) *nameOf(*found) = to;
    };
  };
  const auto look = [this] {
    System now = array().read();
    const Text text = *nameOf(*now.findAny(object_));
    return hex(toBytes(text));
  };
  return change(look, rename(before, name), rename(name, before));
}

Alteration Injection::failStatus() {
  System system = array().read();
  const std::optional<Found> found = system.find(object_);
  if (!found || (!standingOf(*found) && !bareStatusOf(*found))) unsuitable();
  const auto read = [](const Found& device) {
    const int32_t* status = bareStatusOf(device);
    return status ? Standing{*status, VDS_H_UNKNOWN} : *standingOf(device);
  };
  const Standing before = read(*found);
  const auto put = [id = object_, read](const Standing& from, const Standing& to) {
    return [id, read, from, to](System& system) {
      const std::optional<Found> device = system.findAny(id);
      if (!device || read(*device).status != from.status) return;
      if (int32_t* status = bareStatusOf(*device))
        *status = to.status;
      else
        *standingOf(*device) = to;
    };
  };
  const auto look = [this, read] {
    System now = array().read();
    return inWords(read(*now.findAny(object_)));
  };
  return change(look, put(before, kFailed), put(kFailed, before));
}

Alteration Injection::recreateObject() {
  System system = array().read();
  const std::optional<Found> found = system.find(object_);
  if (!found || (found->kind != Kind::lun && found->kind != Kind::target)) unsuitable();
  const GUID made = newGuid();
  const auto recreate = [id = object_, made](System& array) {
    const Found old = *array.find(id);
    SubSystemRecord& owner = *old.subSystem;
    if (old.kind == Kind::lun) {
      const LunRecord before = *old.lun;
      array.remove(id);  // First, so that its number is free.
      LunRecord lun = array.newLun(owner, before.friendlyName);
      lun.id = made;
      lun.identification = wide("VDSC-LUN-" + guidDigits(made));
      lun.unmaskingList = before.unmaskingList;
      lun.hints = before.hints;
      place(lun, {before.type, before.size, before.plexes});
      owner.luns.push_back(std::move(lun));
    } else {
      TargetRecord target;
      target.id = made;
      target.iscsiName = old.target->iscsiName;
      target.friendlyName = old.target->friendlyName;
      array.remove(id);
      owner.targets.push_back(std::move(target));
    }
  };
  Alteration change =
      this->change([this, made] { return presence(made); }, recreate, [made](System& array) { array.remove(made); });
  change.newObject = made;
  return change;
}

Alteration Injection::importLun() {
  System system = array().read();
  const SubSystemRecord* owner = system.connected(object_);
  if (!owner) unsuitable();
  // Before anything changes: an array without room cannot import.
  const Extents promised = state().claims.extentsIn(object_);
  if (largestLun(*owner, promised, VDS_LT_NON_FAULT_TOLERANT, nullptr) < kImportedSize) unsuitable();
  const GUID made = newGuid();
  const auto import = [id = object_, made, promised, number = state().faults.size() + 1](System& array) {
    SubSystemRecord& subSystem = *array.connected(id);
    LunRecord lun = array.newLun(subSystem, wide("Imported LUN " + std::to_string(number)));
    lun.id = made;
    lun.identification = wide("VDSC-LUN-" + guidDigits(made));
    lun.flags = VDS_LF_SNAPSHOT;
    place(lun, layOut(subSystem, promised, VDS_LT_NON_FAULT_TOLERANT, kImportedSize, nullptr, kStripeSize));
    for (const TargetRecord& target : subSystem.targets)
      if (target.iscsiName == subSystem.facts.importTarget) lun.targets = {target.id};
    subSystem.luns.push_back(std::move(lun));
  };
  Alteration change =
      this->change([this, made] { return presence(made); }, import, [made](System& array) { array.remove(made); });
  change.newObject = made;
  return change;
}

Alteration Injection::exhaustMemory() {
  if (object_ != kNullGuid) unsuitable();
  const auto look = [] {
    return std::string(CallerMemory::has(kSmallObject) ? "64 bytes could be allocated"
                                                       : "64 bytes could not be allocated");
  };
  Alteration change{"memory for callers", look(), {}, {}};
  CallerMemory::exhaust();
  change.after = look();
  heal = [] {
    CallerMemory::release();
    return ArrayEvents();
  };
  // Of two, the second changes nothing that could be shown.
  if (change.after == change.before) {
    CallerMemory::release();
    unsuitable();
  }
  return change;
}

Alteration Injection::obstruct(Trouble trouble) {
  subSystem();
  Gate& gate = state().gate;
  Alteration change{"the way to the array", gate.condition(object_), {}, {}};
  const uint32_t obstacle = gate.obstruct(trouble, object_);
  change.after = gate.condition(object_);
  heal = [&gate, obstacle] {
    gate.clear(obstacle);
    return ArrayEvents();
  };
  return change;
}

Alteration Injection::disturb(Disturbance disturbance) {
  if (!array().read().connected(object_)) unsuitable();
  EventChannel& channel = state().events;
  Alteration change{"the array's events", channel.condition(object_), {}, {}};
  const uint32_t disturber = channel.disturb(disturbance, object_);
  change.after = channel.condition(object_);
  heal = [&channel, disturber] { return channel.end(disturber); };
  return change;
}

Alteration Injection::crash() {
  if (!provider_.known().count(object_)) unsuitable();
  std::set<GUID, ById>& crashes = state().crashes;
  const auto look = [&] { return std::string(provider_.endsWith(object_) ? "ends at the next call" : "runs"); };
  Alteration change{"process", look(), {}, {}};
  crashes.insert(object_);
  change.after = look();
  heal = [&crashes, id = object_] {
    crashes.erase(id);
    return ArrayEvents();
  };
  return change;
}

}  // namespace vdsc
