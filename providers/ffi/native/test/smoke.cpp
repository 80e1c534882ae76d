// A walk through the provider as a host would take it, linked with its objects. `npm run build:native -- --smoke`
// builds and runs it, under valgrind where that is installed: what it proves beyond the suite is that every path it
// takes frees what it took.
#include <thread>

#include "test/host.h"

using namespace vdsc;
using namespace vdsc::walk;

namespace {

void lunsComeAndGo(const Host& host) {
  const Ref<IVdsSubSystem> a = subSystems(host)[0];
  const Ref<IVdsLun> lun = query<IVdsLun>(finish(startLun(a, 3)).get());
  CHECK(host.sink->take() == Events{VDS_NF_LUN_ARRIVE});
  CHECK(properties(lun).ullSize == kMiB);
  CHECK(luns(a).size() == 2 && luns(a)[1].get() == lun.get());

  IVdsAsync* none = nullptr;
  Text list = wide("*");
  CHECK_HR(a->CreateLun(VDS_LT_SIMPLE, UINT64_MAX, nullptr, 0, list.data(), nullptr, &none), VDS_E_NOT_ENOUGH_SPACE);
  CHECK_HR(a->CreateLun(VDS_LT_RAID5, kMiB, nullptr, 0, list.data(), nullptr, &none), VDS_E_NOT_SUPPORTED);
  CHECK_HR(a->CreateLun(VDS_LT_SIMPLE, kMiB, nullptr, 1, list.data(), nullptr, &none), E_INVALIDARG);
  CHECK_HR(a->CreateLun(VDS_LT_SIMPLE, kMiB, nullptr, 0, nullptr, nullptr, &none), E_INVALIDARG);
  CHECK_HR(a->CreateLun(VDS_LT_SIMPLE, kMiB, nullptr, 0, list.data(), nullptr, nullptr), E_INVALIDARG);
  CHECK(!none);

  finish(out<IVdsAsync>([&](IVdsAsync** p) { return lun->Extend(kMiB + 1, nullptr, 0, p); }));
  CHECK(host.sink->take() == Events{VDS_NF_LUN_MODIFY});
  CHECK(properties(lun).ullSize == 3 * kMiB);

  // Space is promised when the call is accepted, and given back by a cancel, which comes too late now and then on a
  // busy machine.
  Ref<IVdsAsync> large;
  for (int tries = 0;; ++tries) {
    large = startLun(a, 50 * kGiB, VDS_LT_SPAN);
    CHECK_HR(a->CreateLun(VDS_LT_SPAN, 50 * kGiB, nullptr, 0, list.data(), nullptr, &none), VDS_E_NOT_ENOUGH_SPACE);
    const HRESULT cancelled = large->Cancel();
    if (cancelled == S_OK) break;
    CHECK(cancelled == VDS_E_CANCEL_TOO_LATE && tries < 100);
    CHECK_HR(query<IVdsLun>(finish(large).get())->Delete(), S_OK);
  }
  host.sink->take();
  CHECK_HR(large->Cancel(), VDS_E_OPERATION_CANCELED);
  CHECK(!finish(large, VDS_E_OPERATION_CANCELED));
  const Ref<IVdsLun> again = query<IVdsLun>(finish(startLun(a, 50 * kGiB, VDS_LT_SPAN)).get());
  CHECK_HR(again->Delete(), S_OK);
  CHECK_HR(lun->Delete(), S_OK);
  CHECK((host.sink->take() == Events{VDS_NF_LUN_ARRIVE, VDS_NF_LUN_DEPART, VDS_NF_LUN_DEPART}));
  VDS_LUN_PROP prop;
  CHECK_HR(lun->GetProperties(&prop), VDS_E_OBJECT_DELETED);
  CHECK(!prop.pwszFriendlyName);
  CHECK_HR(lun->GetProperties(nullptr), VDS_E_OBJECT_DELETED);
}

void targets(const Host& host) {
  const Ref<IVdsSubSystem> a = subSystems(host)[0];
  const auto iscsi = query<IVdsSubSystemIscsi>(a.get());
  Text taken = wide("iqn.2026-11.example.vdsc:existing-b");
  IVdsAsync* none = nullptr;
  CHECK_HR(iscsi->CreateTarget(taken.data(), nullptr, &none), VDS_E_NAME_NOT_UNIQUE);
  const auto target = query<IVdsIscsiTarget>(
      finish(out<IVdsAsync>([&](IVdsAsync** p) { return iscsi->CreateTarget(nullptr, nullptr, p); })).get());
  UCHAR bytes[16] = {};
  VDS_ISCSI_SHARED_SECRET secret = {bytes, 11};
  CHECK_HR(target->SetSharedSecret(&secret, nullptr), E_INVALIDARG);
  secret.ulSharedSecretSize = 12;
  CHECK_HR(target->SetSharedSecret(&secret, nullptr), S_OK);
  CHECK_HR(target->SetSharedSecret(&secret, taken.data()), VDS_E_INITIATOR_SPECIFIC_NOT_SUPPORTED);
  finish(out<IVdsAsync>([&](IVdsAsync** p) { return target->Delete(p); }));
  CHECK((host.sink->take() == Events{VDS_NF_TARGET_ARRIVE, VDS_NF_TARGET_DEPART}));

  const auto import = query<IVdsSubSystemImportTarget>(a.get());
  LPWSTR name = nullptr;
  CHECK_HR(import->GetImportTarget(&name), VDS_E_NO_IMPORT_TARGET);
  CHECK_HR(import->SetImportTarget(taken.data()), S_OK);
  CHECK_HR(import->GetImportTarget(&name), S_OK);
  CHECK(taken == name);
  CoTaskMemFree(name);
  Text clear = wide("{00000000-0000-0000-0000-000000000000}");
  Text nonsense = wide("iqn.nonsense");
  CHECK_HR(import->SetImportTarget(nonsense.data()), E_INVALIDARG);
  CHECK_HR(import->SetImportTarget(clear.data()), S_OK);
  CHECK_HR(import->GetImportTarget(&name), VDS_E_NO_IMPORT_TARGET);
}

void cacheFaults(const Host& host) {
  const Ref<IVdsSubSystem> a = subSystems(host)[0];
  const Ref<IVdsSubSystem> b = subSystems(host)[1];
  const Ref<IVdsLun> lun = luns(a)[0];
  const GUID id = properties(lun).id;
  for (const VDSC_FAULT_KIND kind :
       {VDSC_FK_FLIPPED_BYTES, VDSC_FK_LOST_ENTRY, VDSC_FK_DANGLING_REFERENCE, VDSC_FK_TORN_WRITE}) {
    for (const GUID& object : {id, idOf(a)}) {
      const ULONG fault = host.inject(kind, object);
      IEnumVdsObject* none = nullptr;
      CHECK_HR(a->QueryLuns(&none), VDS_E_PROVIDER_CACHE_CORRUPT);
      CHECK(luns(b).size() == 1);  // Calls that do not touch the damage are not hurt by it.
      CHECK_HR(host.provider->Refresh(), VDS_E_PROVIDER_CACHE_CORRUPT);
      CHECK_HR(host.control->Heal(fault), S_OK);
      host.recover();
      CHECK(luns(a).size() == 1 && luns(a)[0].get() == lun.get() && properties(lun).id == id);
    }
  }
  host.sink->take();
  ULONG fault = 0;
  LPWSTR proof = nullptr;
  CHECK_HR(host.control->Inject(VDSC_FK_STALE_ENTRY, id, 0, &fault, &proof), VDS_E_NOT_SUPPORTED);
  finish(out<IVdsAsync>([&](IVdsAsync** p) { return lun->Extend(kMiB, nullptr, 0, p); }));
  host.inject(VDSC_FK_STALE_ENTRY, id);
  CHECK(properties(lun).ullSize == 8 * kGiB);
  host.recover();
  CHECK(properties(lun).ullSize == 8 * kGiB + kMiB);
  CHECK((host.sink->take() ==
         Events{VDS_NF_LUN_MODIFY, VDS_NF_LUN_MODIFY}));  // By Extend, and by Refresh, which found another size.
}

void arrayFaults(const Host& host) {
  const Ref<IVdsSubSystem> b = subSystems(host)[1];
  const Ref<IVdsLun> lun = luns(b)[0];
  const ULONG fault = host.inject(VDSC_FK_DISCONNECT, idOf(b));
  CHECK(luns(b).size() == 1);  // From the cache: nobody has told the provider.
  host.recover();
  VDS_LUN_PROP prop;
  CHECK_HR(lun->GetProperties(&prop), VDS_E_OBJECT_DELETED);
  CHECK(subSystems(host).size() == 1);
  CHECK_HR(host.control->Heal(fault), S_OK);
  host.recover();
  CHECK((host.sink->take() == Events{VDS_NF_SUB_SYSTEM_DEPART, VDS_NF_SUB_SYSTEM_ARRIVE}));

  const Ref<IVdsSubSystem> back = subSystems(host)[1];
  const Ref<IVdsLun> told = query<IVdsLun>(finish(startLun(back, kMiB)).get());
  host.inject(VDSC_FK_DELETE_OBJECT, properties(told).id, 1);
  CHECK_HR(told->Delete(), VDS_E_OBJECT_DELETED);
  CHECK((host.sink->take() == Events{VDS_NF_LUN_ARRIVE, VDS_NF_LUN_DEPART}));
  const Ref<IVdsLun> untold = luns(back)[0];
  host.inject(VDSC_FK_DELETE_OBJECT, properties(untold).id);
  properties(untold);
  CHECK_HR(untold->Delete(), VDS_E_OBJECT_DELETED);
  CHECK(luns(back).empty());
  CHECK(host.sink->take() == Events{VDS_NF_LUN_DEPART});
}

/** The properties of every kind of device, and its container. */
void everyKind(const Host& host) {
  const Ref<IVdsSubSystem> a = subSystems(host)[0];
  const auto list = [](auto&& query) { return out<IEnumVdsObject>([&](IEnumVdsObject** p) { return query(p); }); };
  const auto drives = all<IVdsDrive>(list([&](IEnumVdsObject** p) { return a->QueryDrives(p); }));
  CHECK(drives.size() == 4);
  VDS_DRIVE_EXTENT* extents = nullptr;
  LONG count = 0;
  CHECK_HR(drives[1]->QueryExtents(&extents, &count), S_OK);
  CHECK(count == 1 && !extents[0].bUsed && extents[0].ullSize == 16 * kGiB);
  CoTaskMemFree(extents);
  CHECK_HR(drives[1]->SetFlags(VDS_DRF_HOTSPARE), S_OK);
  CHECK_HR(drives[1]->ClearFlags(VDS_DRF_HOTSPARE), S_OK);

  const auto mirror = query<IVdsLun>(finish(startLun(a, kMiB, VDS_LT_MIRROR)).get());
  const auto plexes = all<IVdsLunPlex>(list([&](IEnumVdsObject** p) { return mirror->QueryPlexes(p); }));
  CHECK(plexes.size() == 2);
  VDS_LUN_PLEX_PROP plex;
  CHECK_HR(plexes[0]->GetProperties(&plex), S_OK);
  finish(out<IVdsAsync>([&](IVdsAsync** p) { return mirror->RemovePlex(plex.id, p); }));
  CHECK_HR(plexes[0]->GetProperties(&plex), VDS_E_OBJECT_DELETED);
  CHECK(properties(mirror).type == VDS_LT_SIMPLE);
  CHECK_HR(mirror->Delete(), S_OK);
  CHECK_HR(plexes[1]->GetProperties(&plex), VDS_E_OBJECT_DELETED);

  const auto iscsi = query<IVdsSubSystemIscsi>(a.get());
  const auto portals = all<IVdsIscsiPortal>(list([&](IEnumVdsObject** p) { return iscsi->QueryPortals(p); }));
  VDS_ISCSI_PORTAL_PROP portal;
  CHECK_HR(portals[1]->GetProperties(&portal), S_OK);
  const auto target = all<IVdsIscsiTarget>(list([&](IEnumVdsObject** p) { return iscsi->QueryTargets(p); }))[0];
  const auto group =
      all<IVdsIscsiPortalGroup>(list([&](IEnumVdsObject** p) { return target->QueryPortalGroups(p); }))[0];
  finish(out<IVdsAsync>([&](IVdsAsync** p) { return group->AddPortal(portal.id, p); }));
  finish(out<IVdsAsync>([&](IVdsAsync** p) { return group->RemovePortal(portal.id, p); }));
  CHECK(all<IVdsController>(list([&](IEnumVdsObject** p) { return a->QueryControllers(p); })).size() == 2);
  host.sink->take();
}

void surroundings(const Host& host) {
  const Ref<IVdsSubSystem> a = subSystems(host)[0];
  const Ref<IVdsLun> lun = luns(a)[0];
  const GUID id = properties(lun).id;

  const ULONG memory = host.inject(VDSC_FK_EXHAUST_MEMORY, kNullGuid);
  VDS_LUN_PROP prop;
  CHECK_HR(lun->GetProperties(&prop), E_OUTOFMEMORY);
  CHECK(!prop.pwszFriendlyName);
  CHECK_HR(host.control->Heal(memory), S_OK);
  properties(lun);

  const ULONG error = host.inject(VDSC_FK_DEVICE_ERROR, id);
  Text mask = wide("*");
  CHECK_HR(lun->SetMask(mask.data()), fromSystemError(1117));
  properties(lun);
  CHECK_HR(host.control->Heal(error), S_OK);

  // Of two calls one is kept waiting by the array and the other refused; what the cache can answer is answered
  // meanwhile.
  const ULONG hang = host.inject(VDSC_FK_HANG, idOf(a));
  std::atomic<int> waited{0}, refused{0};
  const auto setMask = [&] {
    const HRESULT result = lun->SetMask(mask.data());
    CHECK(result == S_OK || result == VDS_E_ANOTHER_CALL_IN_PROGRESS);
    ++(result == S_OK ? waited : refused);
  };
  std::thread one(setMask), other(setMask);
  while (refused == 0) properties(lun);
  CHECK(waited == 0);
  CHECK_HR(host.control->Heal(hang), S_OK);
  one.join();
  other.join();
  CHECK(waited == 1 && refused == 1);
  host.sink->take();
}

void enumerations(const Host& host) {
  const auto list = out<IEnumVdsObject>([&](IEnumVdsObject** p) { return host.provider->QuerySubSystems(p); });
  IUnknown* objects[3] = {};
  ULONG fetched = 9;
  CHECK_HR(list->Next(0, objects, &fetched), S_OK);
  CHECK(fetched == 0);
  CHECK_HR(list->Next(1, nullptr, &fetched), E_INVALIDARG);
  CHECK_HR(list->Skip(1), S_OK);
  const auto copy = out<IEnumVdsObject>([&](IEnumVdsObject** p) { return list->Clone(p); });
  CHECK_HR(list->Reset(), S_OK);
  CHECK_HR(list->Next(3, objects, &fetched), S_FALSE);
  CHECK(fetched == 2);
  IUnknown* second = nullptr;
  CHECK_HR(copy->Next(1, &second, &fetched), S_OK);
  CHECK(second == objects[1]);
  CHECK_HR(copy->Skip(1), S_FALSE);
  for (IUnknown* object : {objects[0], objects[1], second}) object->Release();
}

void manyThreads(const Host& host) {
  const Ref<IVdsSubSystem> a = subSystems(host)[0];
  // A sink that calls back must find the provider's mutex free.
  host.sink->onEvent = [&] { luns(a); };
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 5; ++i) {
        const Ref<IVdsLun> lun = query<IVdsLun>(finish(startLun(a, kMiB)).get());
        luns(a);
        host.recover();
        CHECK_HR(lun->Delete(), S_OK);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  host.sink->onEvent = nullptr;
  CHECK(luns(a).size() == 1);
}

}  // namespace

int main() {
  {
    const Host host;
    lunsComeAndGo(host);
    targets(host);
    cacheFaults(host);
    arrayFaults(host);
    enumerations(host);
    everyKind(host);
    surroundings(host);
    manyThreads(host);

    // Two at once, a truth for both, and an unload with an operation under way.
    const Host other;
    LPWSTR truth = nullptr;
    CHECK_HR(other.control->ReadTruth(&truth), S_OK);
    CoTaskMemFree(truth);
    CHECK_HR(DllCanUnloadNow(), S_FALSE);
    startLun(subSystems(other)[0], kMiB);
  }
  CHECK_HR(DllCanUnloadNow(), S_OK);
  return 0;
}
