// Walks through what only some profiles have, each with an array of its own: as smoke.cpp, under valgrind where that is
// installed.
#include <cstring>
#include <filesystem>

#include "test/host.h"

using namespace vdsc;
using namespace vdsc::walk;

namespace {

void setVariable(const char* name, const std::string& value) {
#ifdef _WIN32
  CHECK(SetEnvironmentVariableA(name, value.c_str()));
#else
  CHECK(setenv(name, value.c_str(), 1) == 0);
#endif
}

/** A folder for an array of the profile, which the next host finds. */
class Folder {
 public:
  explicit Folder(const std::string& profile)
      : path_(std::filesystem::temp_directory_path() / ("vdsc-walk-" + guidDigits(newGuid()))) {
    std::filesystem::create_directory(path_);
    setVariable("VDSC_NATIVE_STATE", path_.u8string());
    setVariable("VDSC_NATIVE_PROFILE", profile);
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

 private:
  const std::filesystem::path path_;
};

template <class T, class Object>
bool has(const Ref<Object>& object) {
  void* out = nullptr;
  if (FAILED(object->QueryInterface(iidOf(static_cast<T*>(nullptr)), &out))) return false;
  static_cast<T*>(out)->Release();
  return true;
}

std::vector<VDS_PATH_ID> pathsOf(const Ref<IVdsLunMpio>& lun, VDS_PATH_STATUS expected) {
  VDS_PATH_INFO* paths = nullptr;
  LONG count = 0;
  CHECK_HR(lun->GetPathInfo(&paths, &count), S_OK);
  std::vector<VDS_PATH_ID> ids;
  for (LONG i = 0; i < count; ++i) {
    CHECK(paths[i].status == expected);
    CHECK(paths[i].pHbaPortProp->wwnPort.rguchWwn[7] == 0xC3);
    ids.push_back(paths[i].pathId);
    CoTaskMemFree(paths[i].pHbaPortProp);
  }
  CoTaskMemFree(paths);
  return ids;
}

void portsAndPaths() {
  const Folder folder("fibre-channel");
  const Host host;
  const Ref<IVdsSubSystem> a = subSystems(host)[0];
  CHECK(!has<IVdsSubSystemIscsi>(a) && !has<IVdsMaintenance>(a));
  const auto controllers =
      all<IVdsController>(out<IEnumVdsObject>([&](IEnumVdsObject** p) { return a->QueryControllers(p); }));
  const auto port = all<IVdsControllerPort>(out<IEnumVdsObject>([&](IEnumVdsObject** p) {
    return query<IVdsControllerControllerPort>(controllers[0].get())->QueryControllerPorts(p);
  }))[0];
  VDS_PORT_PROP prop;
  CHECK_HR(port->GetProperties(&prop), S_OK);
  CHECK(Text(prop.pwszIdentification) == wide("5006016041000000"));
  CoTaskMemFree(prop.pwszFriendlyName);
  CoTaskMemFree(prop.pwszIdentification);
  CHECK_HR(controllers[0]->GetPortProperties(1, &prop), S_OK);
  CoTaskMemFree(prop.pwszFriendlyName);
  CoTaskMemFree(prop.pwszIdentification);
  CHECK_HR(controllers[0]->GetPortProperties(2, &prop), E_INVALIDARG);

  const auto lun = query<IVdsLunMpio>(luns(a)[0].get());
  const std::vector<VDS_PATH_ID> paths = pathsOf(lun, VDS_MPS_ONLINE);
  CHECK(paths.size() == 4);
  VDS_PATH_POLICY primary = {paths[1], 1, 0};
  CHECK_HR(lun->SetLoadBalancePolicy(VDS_LBP_FAILOVER, &primary, 1), S_OK);
  CHECK_HR(lun->SetLoadBalancePolicy(VDS_LBP_LEAST_BLOCKS, nullptr, 0), VDS_E_NOT_SUPPORTED);
  VDS_LOADBALANCE_POLICY_ENUM policy = VDS_LBP_UNKNOWN;
  VDS_PATH_POLICY* policies = nullptr;
  LONG count = 0;
  CHECK_HR(lun->GetLoadBalancePolicy(&policy, &policies, &count), S_OK);
  CHECK(policy == VDS_LBP_FAILOVER && count == 4 && !policies[0].bPrimaryPath && policies[1].bPrimaryPath);
  CoTaskMemFree(policies);

  VDS_HBAPORT_PROP hba = {};
  const uint8_t node[] = {0x20, 0, 0, 0, 0xC9, 0xA1, 0xB2, 0xC3}, name[] = {0x10, 0, 0, 0, 0xC9, 0xA1, 0xB2, 0xC3};
  std::memcpy(hba.wwnNode.rguchWwn, node, sizeof node);
  std::memcpy(hba.wwnPort.rguchWwn, name, sizeof name);
  const auto mpio = query<IVdsHwProviderPrivateMpio>(host.provider.get());
  CHECK_HR(mpio->SetAllPathStatusesFromHbaPort(hba, VDS_MPS_STANDBY), S_OK);
  pathsOf(lun, VDS_MPS_STANDBY);
  CHECK_HR(mpio->SetAllPathStatusesFromHbaPort({}, VDS_MPS_STANDBY), E_INVALIDARG);

  // Not enough memory for the last of the nested structures: those before it are not lost.
  const ULONG memory = host.inject(VDSC_FK_EXHAUST_MEMORY, kNullGuid);
  VDS_PATH_INFO* none = nullptr;
  CHECK_HR(lun->GetPathInfo(&none, &count), E_OUTOFMEMORY);
  CHECK(!none && count == 0);
  CHECK_HR(host.control->Heal(memory), S_OK);

  host.sink->take();
  CHECK_HR(port->SetStatus(VDS_PRS_OFFLINE), S_OK);
  const Events events = host.sink->take();
  CHECK(events.size() == 1 && events[0] == VDS_NF_PORT_REMOVED);
}

void poolsAndMaintenance() {
  const Folder folder("pools");
  const Host host;
  const auto byType = query<IVdsHwProviderStoragePools>(host.provider.get());
  VDS_POOL_ATTRIBUTES thin = {};
  thin.ullAttributeMask = VDS_POOL_ATTRIB_THIN_PROVISION;
  thin.bIsThinProvisioned = 1;
  const auto pools = all<IVdsStoragePool>(out<IEnumVdsObject>(
      [&](IEnumVdsObject** p) { return byType->QueryStoragePools(VDS_SPT_CONCRETE, 0, &thin, p); }));
  CHECK(pools.size() == 2);
  VDS_STORAGE_POOL_PROP prop;
  CHECK_HR(pools[0]->GetProperties(&prop), S_OK);
  CHECK(prop.ullRemainingFreeSpace == 16 * kGiB);
  CoTaskMemFree(prop.pwszName);
  CoTaskMemFree(prop.pwszDescription);

  Text mask = wide("*");
  const auto async = out<IVdsAsync>([&](IVdsAsync** p) {
    return byType->CreateLunInStoragePool(VDS_LT_SIMPLE, kGiB, prop.id, mask.data(), nullptr, p);
  });
  const Ref<IVdsLun> lun = query<IVdsLun>(finish(async).get());
  ULONG number = 9;
  CHECK_HR(query<IVdsLunNumber>(lun.get())->GetLunNumber(&number), S_OK);
  CHECK(number == 1);
  VDS_STORAGE_POOL_DRIVE_EXTENT* extents = nullptr;
  LONG count = 0;
  CHECK_HR(pools[0]->QueryDriveExtents(&extents, &count), S_OK);
  CHECK(count == 2 && extents[0].bUsed && extents[0].ullSize == kGiB);
  CoTaskMemFree(extents);
  ULONGLONG largest = 0;
  CHECK_HR(byType->QueryMaxLunCreateSizeInStoragePool(VDS_LT_SIMPLE, prop.id, nullptr, &largest), S_OK);
  CHECK(largest == 15 * kGiB);
  IVdsAsync* none = nullptr;
  CHECK_HR(byType->CreateLunInStoragePool(VDS_LT_SIMPLE, kGiB, idOf(subSystems(host)[0]), mask.data(), nullptr, &none),
           VDS_E_OBJECT_NOT_FOUND);

  const Ref<IVdsSubSystem> a = subSystems(host)[0];
  const Ref<IVdsLun> parity = query<IVdsLun>(finish(startLun(a, kGiB, VDS_LT_RAID5)).get());
  CHECK_HR(parity->Shrink(kMiB, &none), VDS_E_NOT_SUPPORTED);

  const auto drive = out<IVdsDrive>([&](IVdsDrive** p) { return a->GetDrive(0, 0, p); });
  const auto maintenance = query<IVdsMaintenance>(drive.get());
  CHECK_HR(maintenance->StopMaintenance(SpinDown), S_FALSE);
  CHECK_HR(maintenance->StartMaintenance(SpinDown), S_OK);
  CHECK_HR(maintenance->StopMaintenance(SpinDown), S_OK);
  CHECK_HR(maintenance->PulseMaintenance(SpinUp, 1), E_INVALIDARG);
  CHECK_HR(query<IVdsMaintenance>(a.get())->StartMaintenance(Ping), VDS_E_NOT_SUPPORTED);
  VDS_DRIVE_PROP2 drive2;
  CHECK_HR(query<IVdsDrive2>(drive.get())->GetProperties2(&drive2), S_OK);
  CoTaskMemFree(drive2.pwszFriendlyName);
  CoTaskMemFree(drive2.pwszIdentification);
}

void nothingLater() {
  const Folder folder("legacy");
  const Host host;
  CHECK(!has<IVdsHwProviderType>(host.provider) && !has<IVdsProviderSupport>(host.provider));
  const Ref<IVdsSubSystem> a = subSystems(host)[0];
  CHECK(!has<IVdsSubSystem2>(a) && !has<IVdsSubSystemInterconnect>(a));
  const Ref<IVdsLun> lun = luns(a)[0];
  Text mask = wide("*");
  CHECK_HR(lun->SetMask(mask.data()), VDS_E_NOT_SUPPORTED);
}

}  // namespace

int main() {
  portsAndPaths();
  poolsAndMaintenance();
  nothingLater();
  CHECK_HR(DllCanUnloadNow(), S_OK);
  return 0;
}
