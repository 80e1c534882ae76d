#include "cache/news.h"

#include <algorithm>

namespace vdsc {

void News::add(Kind kind, const GUID& id, const GUID& parent, Change change) {
  if (kind == Kind::plex) return add(Kind::lun, parent, kNullGuid, Change::modify);
  if (kind == Kind::storagePool) return;  // VDS has no notification of one.
  const auto told = std::find_if(items_.begin(), items_.end(), [&id](const Item& item) { return item.id == id; });
  if (told == items_.end())
    items_.push_back({kind, id, change});
  else if (change != Change::modify)
    told->change = change;
}

VDS_NOTIFICATION notificationOf(Kind kind, Change change, const GUID& id) {
  const auto event = [change](ULONG arrive, ULONG depart, ULONG modify, ULONG removed) {
    return change == Change::arrive   ? arrive
           : change == Change::depart ? depart
           : change == Change::modify ? modify
                                      : removed;
  };
  VDS_NOTIFICATION n = {};
  switch (kind) {
    case Kind::lun:
      n.objectType = VDS_NTT_LUN;
      n.Lun = {event(VDS_NF_LUN_ARRIVE, VDS_NF_LUN_DEPART, VDS_NF_LUN_MODIFY, VDS_NF_LUN_MODIFY), id};
      break;
    case Kind::drive:
      n.objectType = VDS_NTT_DRIVE;
      n.Drive = {event(VDS_NF_DRIVE_ARRIVE, VDS_NF_DRIVE_DEPART, VDS_NF_DRIVE_MODIFY, VDS_NF_DRIVE_REMOVED), id};
      break;
    case Kind::controller:
      n.objectType = VDS_NTT_CONTROLLER;
      n.Controller = {event(VDS_NF_CONTROLLER_ARRIVE, VDS_NF_CONTROLLER_DEPART, VDS_NF_CONTROLLER_MODIFY,
                            VDS_NF_CONTROLLER_REMOVED),
                      id};
      break;
    case Kind::port:
      n.objectType = VDS_NTT_PORT;
      n.Port = {event(VDS_NF_PORT_ARRIVE, VDS_NF_PORT_DEPART, VDS_NF_PORT_MODIFY, VDS_NF_PORT_REMOVED), id};
      break;
    case Kind::portal:
      n.objectType = VDS_NTT_PORTAL;
      n.Portal = {event(VDS_NF_PORTAL_ARRIVE, VDS_NF_PORTAL_DEPART, VDS_NF_PORTAL_MODIFY, VDS_NF_PORTAL_MODIFY), id};
      break;
    case Kind::target:
      n.objectType = VDS_NTT_TARGET;
      n.Target = {event(VDS_NF_TARGET_ARRIVE, VDS_NF_TARGET_DEPART, VDS_NF_TARGET_MODIFY, VDS_NF_TARGET_MODIFY), id};
      break;
    case Kind::portalGroup:
      n.objectType = VDS_NTT_PORTAL_GROUP;
      n.PortalGroup = {event(VDS_NF_PORTAL_GROUP_ARRIVE, VDS_NF_PORTAL_GROUP_DEPART, VDS_NF_PORTAL_GROUP_MODIFY,
                             VDS_NF_PORTAL_GROUP_MODIFY),
                       id};
      break;
    default:
      n.objectType = VDS_NTT_SUB_SYSTEM;
      n.SubSystem = {
          event(VDS_NF_SUB_SYSTEM_ARRIVE, VDS_NF_SUB_SYSTEM_DEPART, VDS_NF_SUB_SYSTEM_MODIFY, VDS_NF_SUB_SYSTEM_MODIFY),
          id};
  }
  return n;
}

bool isLaterEvent(const VDS_NOTIFICATION& n) noexcept {
  return (n.objectType == VDS_NTT_CONTROLLER && n.Controller.ulEvent >= VDS_NF_CONTROLLER_MODIFY) ||
         (n.objectType == VDS_NTT_DRIVE && n.Drive.ulEvent >= VDS_NF_CONTROLLER_MODIFY);
}

}  // namespace vdsc
