// A LUN of a Fibre Channel array: the controller ports on which it is active, the paths that lead there, and how the
// load is shared between them.
#include <algorithm>

#include "array/iscsi_name.h"
#include "array/paths.h"
#include "com/arguments.h"
#include "objects/lun.h"
#include "objects/provider.h"

namespace vdsc {
namespace {

constexpr ULONG kPolicies = VDS_LBF_FAILOVER | VDS_LBF_ROUND_ROBIN | VDS_LBF_WEIGHTED_PATHS;

/** Throws E_INVALIDARG for what is no policy, VDS_E_NOT_SUPPORTED for one that cannot be set. */
void checkPolicy(VDS_LOADBALANCE_POLICY_ENUM policy) {
  if (policy < VDS_LBP_FAILOVER || policy > VDS_LBP_VENDOR_SPECIFIC) fail(E_INVALIDARG);
  // The flag of a policy has its number as place.
  if ((kPolicies >> (policy - VDS_LBP_FAILOVER) & 1) == 0) fail(VDS_E_NOT_SUPPORTED);
}

/** By the HBA port that it begins at, and half of the id of the controller port that it ends at. */
VDS_PATH_ID pathId(const PathSettings& path) {
  uint64_t half = 0;
  for (const char digit : guidDigits(path.port).substr(0, 16))
    half = half << 4 | static_cast<uint64_t>(digit <= '9' ? digit - '0' : digit - 'a' + 10);
  return {path.hba + 1u, half};
}

bool isPath(const PathSettings& path, const VDS_PATH_ID& id) {
  const VDS_PATH_ID own = pathId(path);
  return own.ullSourceId == id.ullSourceId && own.ullPathId == id.ullPathId;
}

VDS_WWN worldWideName(std::string_view digits) {
  VDS_WWN name = {};
  for (size_t i = 0; i < digits.size(); ++i) {
    const char digit = digits[i];
    name.rguchWwn[i / 2] =
        static_cast<UCHAR>(name.rguchWwn[i / 2] << 4 | (digit <= '9' ? digit - '0' : digit - 'A' + 10));
  }
  return name;
}

VDS_HBAPORT_PROP hbaPortProp(uint8_t number) {
  const HbaPort& port = kHbaPorts[number];
  VDS_HBAPORT_PROP prop = {};
  prop.wwnNode = worldWideName(port.node);
  prop.wwnPort = worldWideName(port.port);
  prop.type = VDS_HPT_NPORT;
  prop.status = VDS_HPS_ONLINE;
  prop.ulPortSpeed = VDS_HSF_4GBIT;
  prop.ulSupportedPortSpeed = VDS_HSF_4GBIT;
  return prop;
}

bool isSame(const VDS_WWN& a, const VDS_WWN& b) {
  return std::equal(std::begin(a.rguchWwn), std::end(a.rguchWwn), std::begin(b.rguchWwn));
}

/** The number of this computer's HBA port with these names. Only the names count. Throws E_INVALIDARG. */
uint8_t hbaPortNamed(const VDS_HBAPORT_PROP& prop) {
  for (uint8_t number = 0; number < std::size(kHbaPorts); ++number) {
    const VDS_HBAPORT_PROP own = hbaPortProp(number);
    if (isSame(own.wwnNode, prop.wwnNode) && isSame(own.wwnPort, prop.wwnPort)) return number;
  }
  fail(E_INVALIDARG);
}

/** Round robin uses all paths, so that none can stand by; and a path to a port that does not work has failed. */
bool maySet(const SubSystemRecord& subSystem, const LunRecord& lun, const PathSettings& path, VDS_PATH_STATUS status) {
  if (status == VDS_MPS_STANDBY && lun.policy == VDS_LBP_ROUND_ROBIN) return false;
  const std::vector<PortRecord> ports = portObjects(subSystem);
  return status == VDS_MPS_FAILED || std::any_of(ports.begin(), ports.end(), [&path](const PortRecord& port) {
           return port.id == path.port && port.status == VDS_PRS_ONLINE;
         });
}

}  // namespace

/** A controller is active for the LUN as long as one of its ports is. */
HRESULT Lun::AssociateControllerPorts(VDS_OBJECT_ID* active, LONG activeCount, VDS_OBJECT_ID* inactive,
                                      LONG inactiveCount) {
  return method([&](Call& call) {
    Ids known;
    for (const GUID& controller : ofSubSystem(call).controllers)
      append(known, call.cache.verified<ControllerEntry>(controller).ports);
    const Ids kept = divided(active, activeCount, inactive, inactiveCount, known);
    return changeArray(call, Method::IVdsLunControllerPorts_AssociateControllerPorts, WhenFailed::refuse,
                       [&](Reached& r) {
                         LunRecord& lun = *r.found.lun;
                         lun.ports = kept;
                         lun.controllers.clear();
                         for (const ControllerRecord& controller : r.found.subSystem->controllers)
                           if (std::any_of(controller.ports.begin(), controller.ports.end(),
                                           [&kept](const PortRecord& port) { return contains(kept, port.id); }))
                             lun.controllers.push_back(controller.id);
                       });
  });
}

/** A controller is active with all of its ports. */
void Lun::activateOn(const Found& found, const Ids& controllers) {
  found.lun->controllers = controllers;
  if (!profile().has(Feature::multipath)) return;
  found.lun->ports.clear();
  for (const ControllerRecord& controller : found.subSystem->controllers)
    if (contains(controllers, controller.id)) append(found.lun->ports, idsOf(controller.ports));
}

HRESULT Lun::GetPathInfo(VDS_PATH_INFO** out, LONG* count) {
  if (out) *out = nullptr;
  if (count) *count = 0;
  return run(out && count, [&](Call& call) {
    std::vector<VDS_PATH_INFO> paths;
    // The caller frees each of them by itself.
    std::vector<OutArray<VDS_HBAPORT_PROP>> hbaPorts;
    for (const PathSettings& path : entry(call).paths) {
      hbaPorts.push_back(outArray(std::vector<VDS_HBAPORT_PROP>{hbaPortProp(path.hba)}));
      VDS_PATH_INFO info = {};
      info.pathId = pathId(path);
      info.type = VDS_HWT_FIBRE_CHANNEL;
      info.status = static_cast<VDS_PATH_STATUS>(path.status);
      info.controllerPortId = path.port;
      info.pHbaPortProp = hbaPorts.back().get();
      paths.push_back(info);
    }
    *out = outArray(paths).release();
    *count = static_cast<LONG>(paths.size());
    for (OutArray<VDS_HBAPORT_PROP>& prop : hbaPorts) prop.release();
    return S_OK;
  });
}

HRESULT Lun::GetLoadBalancePolicy(VDS_LOADBALANCE_POLICY_ENUM* policy, VDS_PATH_POLICY** out, LONG* count) {
  if (policy) *policy = VDS_LBP_UNKNOWN;
  if (out) *out = nullptr;
  if (count) *count = 0;
  return run(policy && out && count, [&](Call& call) {
    const LunEntry lun = entry(call);
    std::vector<VDS_PATH_POLICY> paths;
    for (const PathSettings& path : lun.paths) paths.push_back({pathId(path), path.isPrimary, path.weight});
    *out = outArray(paths).release();
    *count = static_cast<LONG>(paths.size());
    *policy = static_cast<VDS_LOADBALANCE_POLICY_ENUM>(lun.policy);
    return S_OK;
  });
}

/** Members of a path that are not given stay as they are. Fail-over has one primary path, the first unless another is
 * given. */
HRESULT Lun::SetLoadBalancePolicy(VDS_LOADBALANCE_POLICY_ENUM policy, VDS_PATH_POLICY* given, LONG count) {
  return method([&](Call& call) {
    const std::vector<PathSettings> paths = entry(call).paths;
    checkPolicy(policy);
    if (given ? count <= 0 : count != 0) fail(E_INVALIDARG);
    const auto named = [&paths](const VDS_PATH_ID& id) {
      const auto found =
          std::find_if(paths.begin(), paths.end(), [&id](const PathSettings& path) { return isPath(path, id); });
      if (found == paths.end()) fail(E_INVALIDARG);
      return found;
    };
    auto primary = paths.begin();
    LONG primaries = 0;
    for (LONG i = 0; i < count; ++i) {
      const auto path = named(given[i].pathId);
      if (given[i].bPrimaryPath && primaries++ == 0) primary = path;
    }
    const bool isFailover = policy == VDS_LBP_FAILOVER;
    if (isFailover && primaries > 1) fail(E_INVALIDARG);
    return changeArray(call, Method::IVdsLunMpio_SetLoadBalancePolicy, WhenFailed::refuse, [&](Reached& r) {
      LunRecord& lun = *r.found.lun;
      for (LONG i = 0; i < count; ++i) {
        PathSettings& settings = settingsOf(lun, *named(given[i].pathId));
        settings.isPrimary = given[i].bPrimaryPath != 0;
        settings.weight = given[i].ulWeight;
      }
      // Also of paths that are not there now, and may come back.
      if (isFailover)
        for (PathSettings& settings : lun.paths) settings.isPrimary = 0;
      if (isFailover)
        for (auto path = paths.begin(); path != paths.end(); ++path) settingsOf(lun, *path).isPrimary = path == primary;
      lun.policy = policy;
    });
  });
}

HRESULT Lun::GetSupportedLbPolicies(ULONG* out) {
  return method(out, [&](Call&) {
    *out = kPolicies;
    return S_OK;
  });
}

HRESULT Provider::SetAllPathStatusesFromHbaPort(VDS_HBAPORT_PROP hbaPort, VDS_PATH_STATUS status) {
  return carryOut(*this, Call::Needs::load, [&](Call& call) {
    const uint8_t hba = hbaPortNamed(hbaPort);
    if (status != VDS_MPS_ONLINE && status != VDS_MPS_FAILED && status != VDS_MPS_STANDBY) fail(E_INVALIDARG);
    System system = array().read();
    std::vector<Found> luns;
    for (const auto& [id, device] : known_) {
      if (device.kind != Kind::lun) continue;
      call.cache.verified<LunEntry>(id);
      call.ask(Method::IVdsHwProviderPrivateMpio_SetAllPathStatusesFromHbaPort, call.scopeOf(id));
      const std::optional<Found> found = system.find(id);
      if (!found) call.gone(system, id);
      luns.push_back(*found);
    }
    Ids changed;
    bool isComplete = true;
    for (const Found& found : luns)
      for (const PathSettings& path : pathsOf(*found.subSystem, *found.lun)) {
        if (path.hba != hba) continue;
        if (!maySet(*found.subSystem, *found.lun, path, status)) {
          isComplete = false;
          continue;
        }
        settingsOf(*found.lun, path).status = status;
        if (!contains(changed, found.id)) changed.push_back(found.id);
      }
    call.commit(system, changed);
    return isComplete ? S_OK : VDS_S_STATUSES_INCOMPLETELY_SET;
  });
}

}  // namespace vdsc
