// The system that a new array begins with: two subsystems, whose devices the profile decides on.
#include "array/array.h"
#include "array/paths.h"
#include "array/space.h"

namespace vdsc {
namespace {

constexpr uint64_t kGiB = uint64_t{1} << 30;
constexpr int kDrives = 4, kControllers = 2, kPortals = 2, kFibreChannelPorts = 2;
constexpr uint32_t kIscsiPort = 3260;
/** The space that the thin pool promises on a drive of 16 GiB. */
constexpr uint64_t kProvisioned = 64 * kGiB;

/** 192.0.2.n, its bytes in network order. */
uint32_t documentationAddress(uint8_t n) {
  const uint8_t bytes[4] = {192, 0, 2, n};
  uint32_t address;
  std::memcpy(&address, bytes, sizeof address);
  return address;
}

std::string twoDigits(int number) {
  constexpr const char* digits = "0123456789ABCDEF";
  return {digits[number >> 4 & 0xF], digits[number & 0xF]};
}

/** Controller A-1 of a Fibre Channel array has the ports 5006016041010000 and 5006016041010001. */
void addPorts(ControllerRecord& controller, char letter, int number, bool areObjects) {
  const std::string name = std::string(1, letter) + "-" + std::to_string(number);
  controller.hasPortObjects = areObjects;
  for (int n = 0; n < (areObjects ? kFibreChannelPorts : 1); ++n) {
    PortRecord port;
    port.id = newGuid();
    port.friendlyName = wide("Port " + name + "-" + std::to_string(n));
    port.identification = areObjects ? wide("50060160" + twoDigits(letter) + twoDigits(number) + "00" + twoDigits(n))
                                     : wide("VDSC-PORT-" + name + "-" + std::to_string(n));
    controller.ports.push_back(std::move(port));
  }
}

void addPortals(SubSystemRecord& subSystem, int number) {
  for (int n = 0; n < kPortals; ++n) {
    PortalRecord portal;
    portal.id = newGuid();
    portal.address = documentationAddress(static_cast<uint8_t>(10 * number + n));
    portal.tcpPort = kIscsiPort;
    subSystem.portals.push_back(portal);
  }
}

/** A target with one portal group, which holds the first portal. */
void addTarget(SubSystemRecord& subSystem, char letter) {
  TargetRecord target;
  target.id = newGuid();
  target.iscsiName = wide(std::string("iqn.2026-11.example.vdsc:existing-") + static_cast<char>(letter - 'A' + 'a'));
  target.friendlyName = wide(std::string("Existing target ") + letter);
  PortalGroupRecord group;
  group.id = newGuid();
  group.tag = 1;
  group.portals = {subSystem.portals.front().id};
  target.groups.push_back(std::move(group));
  subSystem.targets.push_back(std::move(target));
}

/** A primordial pool of all drives, and from that two concrete ones: the third drive, and the fourth thin provisioned.
 */
void addPools(SubSystemRecord& subSystem) {
  const Text& owner = subSystem.facts.friendlyName;
  const std::vector<GUID> drives = idsOf(subSystem.drives);
  subSystem.pools = {{newGuid(), owner + wide(" primordial"), VDS_SPT_PRIMORDIAL, drives, 0},
                     {newGuid(), owner + wide(" pool"), VDS_SPT_CONCRETE, {drives[2]}, 0},
                     {newGuid(), owner + wide(" thin pool"), VDS_SPT_CONCRETE, {drives[3]}, kProvisioned}};
}

SubSystemRecord newSubSystem(System& system, char letter, int number) {
  const Profile& profile = profileOf(system.profile);
  const std::string name(1, letter);
  SubSystemRecord subSystem;
  subSystem.facts.id = newGuid();
  subSystem.facts.friendlyName = wide("Array " + name);
  subSystem.facts.identification = wide("VDSC-ARRAY-" + name);
  const auto named = [&name](const char* what, int n) { return wide(what + name + "-" + std::to_string(n)); };
  for (int n = 0; n < kDrives; ++n) {
    DriveRecord drive;
    drive.id = newGuid();
    drive.size = 16 * kGiB;
    drive.friendlyName = named("Drive ", n);
    drive.identification = named("VDSC-DRIVE-", n);
    drive.slot = static_cast<int16_t>(n);
    subSystem.drives.push_back(std::move(drive));
  }
  for (int n = 0; n < kControllers; ++n) {
    ControllerRecord controller;
    controller.id = newGuid();
    controller.friendlyName = named("Controller ", n);
    controller.identification = named("VDSC-CONTROLLER-", n);
    addPorts(controller, letter, n, profile.has(Feature::multipath));
    subSystem.controllers.push_back(std::move(controller));
  }
  if (profile.has(Feature::pools)) addPools(subSystem);

  LunRecord lun = system.newLun(subSystem, wide("Existing LUN " + name));
  place(lun, layOut(subSystem, {}, VDS_LT_SIMPLE, 8 * kGiB, nullptr, kStripeSize));
  if (profile.has(Feature::iscsi)) {
    addPortals(subSystem, number);
    addTarget(subSystem, letter);
    lun.targets = {subSystem.targets.front().id};
  }
  // One that is shown to one port of this computer, and one to none.
  if (profile.has(Feature::multipath) && system.subSystems.empty()) lun.unmaskingList = wide(kHbaPorts[0].port);
  subSystem.luns.push_back(std::move(lun));
  return subSystem;
}

}  // namespace

System System::make(ProfileNumber profile) {
  System system;
  system.profile = profile;
  system.subSystems.push_back(newSubSystem(system, 'A', 1));
  system.subSystems.push_back(newSubSystem(system, 'B', 2));
  return system;
}

}  // namespace vdsc
