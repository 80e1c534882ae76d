#include "array/truth.h"

#include <algorithm>

#include "array/pools.h"

namespace vdsc {
namespace {

std::string quoted(const Text& text) {
  std::string json = "\"";
  for (const WCHAR c : text) {
    if (c >= 0x20 && c < 0x7F && c != '"' && c != '\\') {
      json += static_cast<char>(c);
      continue;
    }
    json += "\\u";
    for (int shift = 12; shift >= 0; shift -= 4) json += "0123456789abcdef"[c >> shift & 0xF];
  }
  return json + '"';
}

/** One JSON object, member by member. */
class Object {
 public:
  Object& add(const char* name, const std::string& json) {
    json_ += (json_.empty() ? "\"" : ",\"") + std::string(name) + "\":" + json;
    return *this;
  }
  Object& text(const char* name, const Text& text) { return add(name, quoted(text)); }
  Object& id(const char* name, const GUID& id) { return add(name, '"' + guidText(id) + '"'); }
  Object& size(const char* name, uint64_t bytes) { return add(name, '"' + std::to_string(bytes) + '"'); }
  Object& number(const char* name, int64_t number) { return add(name, std::to_string(number)); }
  Object& standing(const Standing& standing) {
    return number("status", standing.status).number("health", standing.health);
  }
  std::string json() const { return '{' + json_ + '}'; }

 private:
  std::string json_;
};

template <class Items, class ToJson>
std::string list(const Items& items, ToJson&& toJson) {
  std::string json;
  for (const auto& item : items) json += (json.empty() ? "" : ",") + toJson(item);
  return '[' + json + ']';
}

std::string ids(const std::vector<GUID>& all) {
  return list(all, [](const GUID& id) { return '"' + guidText(id) + '"'; });
}

std::string lunToJson(const SubSystemRecord& s, const LunRecord& lun) {
  const auto plexToJson = [&s](const PlexRecord& plex) {
    return Object()
        .id("id", plex.id)
        .size("size", plex.size())
        .number("type", plex.type)
        .standing(plexStanding(s, plex))
        .json();
  };
  Object json;
  json.id("id", lun.id)
      .size("size", lun.size)
      .text("friendlyName", lun.friendlyName)
      .text("identification", lun.identification)
      .text("unmaskingList", lun.unmaskingList)
      .number("lunNumber", lun.number)
      .number("type", lun.type)
      .standing(lunStanding(s, lun))
      .add("plexes", list(lun.plexes, plexToJson))
      .add("associatedTargets", ids(lun.targets))
      .add("activeControllers", ids(lun.controllers));
  if (!portObjects(s).empty()) json.add("activeControllerPorts", ids(lun.ports));
  return json.json();
}

std::string toJson(const DriveRecord& drive) {
  return Object()
      .id("id", drive.id)
      .size("size", drive.size)
      .text("friendlyName", drive.friendlyName)
      .text("identification", drive.identification)
      .number("internalBusNumber", drive.bus)
      .number("slotNumber", drive.slot)
      .number("flags", drive.flags)
      .standing(drive.standing)
      .json();
}

std::string toJson(const ControllerRecord& controller) {
  Object json;
  json.id("id", controller.id)
      .text("friendlyName", controller.friendlyName)
      .text("identification", controller.identification)
      .standing(controller.standing);
  const auto portToJson = [&controller](const PortRecord& port) {
    return Object()
        .id("id", port.id)
        .text("friendlyName", port.friendlyName)
        .text("identification", port.identification)
        .number("status", portStatus(controller, port))
        .json();
  };
  if (controller.hasPortObjects) json.add("controllerPorts", list(controller.ports, portToJson));
  return json.json();
}

std::string toJson(const PortalRecord& portal) {
  return Object().id("id", portal.id).number("status", portal.status).json();
}

std::string toJson(const PortalGroupRecord& group) {
  return Object().id("id", group.id).number("tag", group.tag).add("associatedPortals", ids(group.portals)).json();
}

std::string toJson(const TargetRecord& target) {
  return Object()
      .id("id", target.id)
      .text("iscsiName", target.iscsiName)
      .text("friendlyName", target.friendlyName)
      .add("chapEnabled", target.chapEnabled ? "true" : "false")
      .add("portalGroups", list(target.groups, [](const PortalGroupRecord& group) { return toJson(group); }))
      .json();
}

std::string toJson(const SubSystemRecord& s) {
  const auto each = [](const auto& record) { return toJson(record); };
  std::vector<DriveRecord> drives;
  std::copy_if(s.drives.begin(), s.drives.end(), std::back_inserter(drives),
               [](const DriveRecord& drive) { return drive.present != 0; });
  return Object()
      .id("id", s.facts.id)
      .text("friendlyName", s.facts.friendlyName)
      .text("identification", s.facts.identification)
      .standing(s.facts.standing)
      .add("importTarget", s.facts.importTarget.empty() ? "null" : quoted(s.facts.importTarget))
      .add("luns", list(s.luns, [&s](const LunRecord& lun) { return lunToJson(s, lun); }))
      .add("drives", list(drives, each))
      .add("controllers", list(s.controllers, each))
      .add("portals", list(s.portals, each))
      .add("targets", list(s.targets, each))
      .json();
}

std::string poolToJson(const SubSystemRecord& s, const PoolRecord& pool) {
  const PoolContent content = contentOf(s, pool);
  return Object()
      .id("id", pool.id)
      .text("name", pool.name)
      .number("type", pool.type)
      .size("totalManagedSpace", content.managed)
      .size("remainingFreeSpace", content.remaining)
      .add("allocatedLuns", ids(content.luns))
      .json();
}

}  // namespace

std::string truthOf(const System& system) {
  std::vector<SubSystemRecord> connected;
  std::copy_if(system.subSystems.begin(), system.subSystems.end(), std::back_inserter(connected),
               [](const SubSystemRecord& s) { return s.connected != 0; });
  Object json;
  json.add("subSystems", list(connected, [](const SubSystemRecord& s) { return toJson(s); }));
  std::vector<std::string> pools;
  for (const SubSystemRecord& s : connected)
    for (const PoolRecord& pool : s.pools) pools.push_back(poolToJson(s, pool));
  if (!pools.empty()) json.add("storagePools", list(pools, [](const std::string& pool) { return pool; }));
  return json.json();
}

}  // namespace vdsc
