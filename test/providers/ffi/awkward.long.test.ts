// Calls into native code that the reference provider gives no occasion for: structures by value, calls that wait for
// each other, pointers that come with a failure, sinks called from threads, addresses that come back. The provider for
// it is below, in C++.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { zeroStructure } from '../../../src/contract/codec.js';
import { HR } from '../../../src/contract/hresult.js';
import { interfaceDef, type Handle, type InterfaceName, type MethodName } from '../../../src/contract/tables.js';
import { VDS_LUN_TYPE, VDS_OBJECT_TYPE, VDS_PATH_STATUS } from '../../../src/contract/generated/enumerations.js';
import type { VDS_HBAPORT_PROP, VDS_HINTS2, VDS_POOL_ATTRIBUTES } from '../../../src/contract/generated/structures.js';
import type { Notification, Port, Reply } from '../../../src/port/port.js';
import { adapter } from '../../../providers/ffi/adapter.js';
import { loadKoffi } from '../../../providers/ffi/koffi.js';
import { ROOT } from '../../support/project.js';
import { needs } from '../../support/tools.js';
import { newFolder } from '../../support/folder.js';

const CLSID = '5b0c1c52-7f0e-4f35-9a2e-0d4a6c1f8e77';
const ID = '01234567-89ab-cdef-0123-456789abcdef';
const SOURCE = String.raw`
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>
#include "vds_contract.h"

static const GUID kId = {0x01234567, 0x89ab, 0xcdef, {0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef}};
static bool same(LPWSTR text, const char16_t* expected) {
  using traits = std::char_traits<char16_t>;
  return text && traits::compare(text, expected, traits::length(expected) + 1) == 0;
}

// Whether a thread is about to call the sink, or has.
extern "C" __attribute__((visibility("default"))) std::atomic<int> began{0};

static void tell(IVdsAdviseSink* sink, ULONG event) {
  VDS_NOTIFICATION n = {};
  n.objectType = VDS_NTT_LUN;
  n.Lun.ulEvent = event;
  n.Lun.LunId = kId;
  sink->OnNotify(1, &n);
}

struct Awkward final : IVdsProvider,
                       IVdsProviderPrivate,
                       IVdsHwProvider,
                       IVdsHwProviderPrivateMpio,
                       IVdsHwProviderStoragePools {
  std::atomic<ULONG> references{1};
  IVdsAdviseSink* sink = nullptr;
  std::mutex mutex;
  std::condition_variable changed;
  bool refreshed = false;

  virtual ~Awkward() = default;
  HRESULT QueryInterface(REFIID iid, void** out) override {
    *out = nullptr;
    if (iid == IID_IUnknown || iid == IID_IVdsProvider) *out = static_cast<IVdsProvider*>(this);
    if (iid == IID_IVdsProviderPrivate) *out = static_cast<IVdsProviderPrivate*>(this);
    if (iid == IID_IVdsHwProvider) *out = static_cast<IVdsHwProvider*>(this);
    if (iid == IID_IVdsHwProviderPrivateMpio) *out = static_cast<IVdsHwProviderPrivateMpio*>(this);
    if (iid == IID_IVdsHwProviderStoragePools) *out = static_cast<IVdsHwProviderStoragePools*>(this);
    if (iid == IID_IVdsHwProviderType) *out = reinterpret_cast<void*>(0x10);
    if (!*out || iid == IID_IVdsHwProviderType) return E_NOINTERFACE;
    ++references;
    return S_OK;
  }
  ULONG AddRef() override { return ++references; }
  ULONG Release() override {
    const ULONG left = --references;
    if (left == 0) delete this;
    return left;
  }

  // Half a megabyte of locals is lawful on any thread of Windows.
  HRESULT GetProperties(VDS_PROVIDER_PROP* out) override {
    volatile char large[512 * 1024];
    for (size_t i = 0; i < sizeof large; i += 4096) large[i] = 1;
    *out = {};
    out->sRebuildPriority = large[4096];
    return S_OK;
  }

  HRESULT GetObject(VDS_OBJECT_ID id, VDS_OBJECT_TYPE type, IUnknown** out) override {
    if (id != kId) return E_INVALIDARG;
    if (type == VDS_OT_LUN) { AddRef(); *out = static_cast<IVdsProvider*>(this); return S_OK; }
    *out = reinterpret_cast<IUnknown*>(0x10);
    return E_FAIL;
  }
  // The sink is called within this call, on its thread and on another that it waits for.
  HRESULT OnLoad(LPWSTR machine, IUnknown* callback) override {
    if (!same(machine, u"host")) return E_INVALIDARG;
    void* found = nullptr;
    if (callback->QueryInterface(IID_IVdsProvider, &found) != E_NOINTERFACE || found) return E_FAIL;
    if (callback->QueryInterface(IID_IVdsAdviseSink, &found) != S_OK) return E_FAIL;
    sink = static_cast<IVdsAdviseSink*>(found);
    tell(sink, 1);
    std::thread([this] { tell(sink, 2); }).join();
    return S_OK;
  }
  HRESULT OnUnload(BOOL) override {
    if (sink) sink->Release();
    sink = nullptr;
    return S_OK;
  }

  HRESULT QuerySubSystems(IEnumVdsObject** out) override {
    *out = reinterpret_cast<IEnumVdsObject*>(0x10);
    return E_FAIL;
  }
  HRESULT Reenumerate() override {
    std::unique_lock lock(mutex);
    return changed.wait_for(lock, std::chrono::seconds(10), [this] { return refreshed; }) ? S_OK : E_ABORT;
  }
  HRESULT Refresh() override {
    std::lock_guard lock(mutex);
    refreshed = true;
    changed.notify_all();
    return S_OK;
  }

  HRESULT SetAllPathStatusesFromHbaPort(VDS_HBAPORT_PROP hba, VDS_PATH_STATUS status) override {
    const bool right = hba.id == kId && hba.wwnNode.rguchWwn[0] == 1 && hba.wwnPort.rguchWwn[7] == 2 &&
                       hba.ulPortSpeed == 3 && hba.ulSupportedPortSpeed == 4;
    return right && status == VDS_MPS_FAILED ? S_OK : E_INVALIDARG;
  }

  // Tells the sink from a thread of its own, ulFlags milliseconds later.
  HRESULT QueryStoragePools(ULONG after, ULONGLONG free, VDS_POOL_ATTRIBUTES* attributes, IEnumVdsObject**) override {
    if (free != 0x123456789abcdef0 || !attributes || attributes->ulNumOfCustomAttributes != 2) return E_INVALIDARG;
    const auto& second = attributes->pPoolCustomAttributes[1];
    if (!same(second.pwszName, u"tier") || !same(second.pwszValue, u"gold")) return E_INVALIDARG;
    sink->AddRef();
    std::thread([held = sink, after] {
      std::this_thread::sleep_for(std::chrono::milliseconds(after));
      began = true;
      for (ULONG event = 0; event < 20; event++) tell(held, 100 + event);
      held->Release();
    }).detach();
    return S_OK;
  }
  // More than fits the registers, with a GUID that may be split between registers and stack only by a wrong convention.
  HRESULT CreateLunInStoragePool(VDS_LUN_TYPE type, ULONGLONG size, VDS_OBJECT_ID pool, LPWSTR unmasking,
                                 VDS_HINTS2* hints, IVdsAsync** out) override {
    *out = nullptr;
    const bool right = type == VDS_LT_MIRROR && size == 0xfedcba9876543210 && pool == kId &&
                       same(unmasking, u"*") && hints && hints->sRebuildPriority == -5;
    return right ? S_OK : E_INVALIDARG;
  }
  HRESULT QueryMaxLunCreateSizeInStoragePool(VDS_LUN_TYPE, VDS_OBJECT_ID, VDS_HINTS2*, ULONGLONG* out) override {
    if (!out) return E_POINTER;
    *out = 0xfedcba9876543210;
    return S_OK;
  }
};

struct Factory final : IClassFactory {
  HRESULT QueryInterface(REFIID, void** out) override { *out = this; return S_OK; }
  ULONG AddRef() override { return 2; }
  ULONG Release() override { return 1; }
  HRESULT CreateInstance(IUnknown*, REFIID iid, void** out) override {
    auto* made = new Awkward;
    const HRESULT hr = made->QueryInterface(iid, out);
    made->Release();
    return hr;
  }
  HRESULT LockServer(BOOL) override { return S_OK; }
};

extern "C" __attribute__((visibility("default"))) HRESULT DllGetClassObject(REFCLSID, REFIID, void** out) {
  static Factory factory;
  *out = &factory;
  return S_OK;
}
`;

needs('native', 'native code that is awkward to call', () =>
  describe('native code that is awkward to call', () => {
    let folder: string;
    let library: string;
    let port: Port;
    let unknown: Handle;
    let heard: Notification[];

    beforeAll(() => {
      folder = newFolder();
      library = join(folder, 'awkward.so');
      writeFileSync(join(folder, 'awkward.cpp'), SOURCE);
      const built = spawnSync(
        process.env['CXX'] ?? 'c++',
        [
          '-std=c++17',
          '-O1',
          '-shared',
          '-fPIC',
          '-pthread',
          `-I${ROOT}/providers/ffi/native`,
          '-o',
          library,
          join(folder, 'awkward.cpp'),
        ],
        { encoding: 'utf8' },
      );
      if (built.status !== 0) throw new Error(built.stderr);
    });

    beforeEach(async () => {
      port = await adapter.open({ settings: { library, clsid: CLSID }, seed: '1', scratch: folder });
      heard = [];
      port.onNotification((n) => heard.push(n));
      unknown = await port.createInstance();
      return async () => {
        await port.release(unknown);
        await port.close();
      };
    });

    const events = (): number[] =>
      heard.flatMap((n) => n.notifications.map((item) => (item as unknown as { lun: { event: number } }).lun.event));

    /** Calls a method of the provider object and releases the interface again. */
    async function on(
      method: MethodName,
      args: Record<string, unknown> = {},
      nullOuts: readonly string[] = [],
    ): Promise<Reply> {
      const name = method.slice(0, method.indexOf('.')) as InterfaceName;
      const { object } = await port.queryInterface(unknown, interfaceDef(name).iid, name);
      if (object === null) throw new Error(`no ${name}`);
      const reply = await port.invoke({ object, method, args, nullOuts });
      await port.release(object);
      return reply;
    }
    async function load(): Promise<Handle> {
      const sink = await port.createSink();
      expect((await on('IVdsProviderPrivate.OnLoad', { machineName: 'host', callbackObject: sink })).hr).toBe(HR.S_OK);
      return sink;
    }
    const POOL_QUERY = {
      remainingFreeSpace: 0x123456789abcdef0n,
      poolAttributes: zeroStructure<VDS_POOL_ATTRIBUTES>('VDS_POOL_ATTRIBUTES', {
        numOfCustomAttributes: 2,
        poolCustomAttributes: [
          { name: 'a', value: null },
          { name: 'tier', value: 'gold' },
        ],
      }),
    };

    test('structures by value', async () => {
      const hbaPortProp: VDS_HBAPORT_PROP = {
        ...zeroStructure<VDS_HBAPORT_PROP>('VDS_HBAPORT_PROP'),
        id: ID,
        wwnNode: { wwn: Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0) },
        wwnPort: { wwn: Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 2) },
        portSpeed: 3,
        supportedPortSpeed: 4,
      };
      expect(
        (
          await on('IVdsHwProviderPrivateMpio.SetAllPathStatusesFromHbaPort', {
            hbaPortProp,
            status: VDS_PATH_STATUS.VDS_MPS_FAILED,
          })
        ).hr,
      ).toBe(HR.S_OK);
      const hints2 = zeroStructure<VDS_HINTS2>('VDS_HINTS2', { rebuildPriority: -5 });
      const args = {
        type: VDS_LUN_TYPE.VDS_LT_MIRROR,
        sizeInBytes: 0xfedcba9876543210n,
        storagePoolId: ID,
        unmaskingList: '*',
        hints2,
      };
      expect(await on('IVdsHwProviderStoragePools.CreateLunInStoragePool', args)).toEqual({
        hr: HR.S_OK,
        out: { async: null },
      });
    });

    test('64-bit values, nested arrays of texts, NULL outputs', async () => {
      await load();
      expect((await on('IVdsHwProviderStoragePools.QueryStoragePools', { flags: 0, ...POOL_QUERY })).hr).toBe(HR.S_OK);
      const args = { type: 1, storagePoolId: ID, hints2: null };
      expect(await on('IVdsHwProviderStoragePools.QueryMaxLunCreateSizeInStoragePool', args)).toEqual({
        hr: HR.S_OK,
        out: { maxLunSize: 0xfedcba9876543210n },
      });
      expect(await on('IVdsHwProviderStoragePools.QueryMaxLunCreateSizeInStoragePool', args, ['maxLunSize'])).toEqual({
        hr: HR.E_POINTER,
        out: {},
      });
    });

    test('a call has the stack of a thread', async () => {
      expect(await on('IVdsProvider.GetProperties')).toMatchObject({
        hr: HR.S_OK,
        out: { providerProp: { rebuildPriority: 1, name: null } },
      });
    });

    test('one call can wait for another', async () => {
      const waiting = on('IVdsHwProvider.Reenumerate');
      expect((await on('IVdsHwProvider.Refresh')).hr).toBe(HR.S_OK);
      expect((await waiting).hr).toBe(HR.S_OK);
    });

    test('the sink is called on the calling thread and on others, and counts who holds it', async () => {
      const sink = await load();
      expect(events()).toEqual([1, 2]);
      expect(heard.map((n) => [n.sink, n.count])).toEqual([
        [sink, 1],
        [sink, 1],
      ]);
      expect(heard[0]?.notifications[0]).toEqual({ objectType: 33, lun: { event: 1, lunId: ID } });
      expect(await port.addRef(sink)).toBe(3);
      expect(await port.release(sink)).toBe(2);
      expect(await port.release(sink)).toBe(1);
      await on('IVdsProviderPrivate.OnUnload', { forceUnload: false });
    });

    test('a notification that began before drainNotifications has arrived after it', async () => {
      await load();
      const koffi = await loadKoffi();
      const began = koffi.load(library).symbol('began') as bigint;
      let unseen = 0;
      for (let round = 0; round < 10; round++) {
        const before = heard.length;
        koffi.encode(began, 'int', 0);
        await on('IVdsHwProviderStoragePools.QueryStoragePools', { flags: 20, ...POOL_QUERY });
        // The provider's thread calls the sink while this one does not look, and gets ample time for the last step.
        while (koffi.decode.int(began) === 0) {
          /* busy */
        }
        const until = performance.now() + 50;
        while (performance.now() < until) {
          /* busy */
        }
        // On a busy machine this thread may have looked meanwhile.
        if (heard.length === before) unseen += 1;
        await port.drainNotifications();
        expect(heard.length).toBeGreaterThan(before);
        while (events().at(-1) !== 119)
          await new Promise((resolve) => {
            setImmediate(resolve);
          });
      }
      expect(unseen).toBeGreaterThan(0);
    });

    test('a pointer that comes with a failure can be seen and released, but not used', async () => {
      const { hr, out } = await on('IVdsHwProvider.QuerySubSystems');
      expect(hr).toBe(HR.E_FAIL);
      const object = out['enum'] as Handle;
      expect(object).toBeGreaterThan(0);
      await expect(port.invoke({ object, method: 'IEnumVdsObject.Reset', args: {} })).rejects.toThrow(
        'came with a failure',
      );
      await expect(port.identity(object)).rejects.toThrow('came with a failure');
      expect(await port.release(object)).toBe(0);
      await expect(port.release(object)).rejects.toThrow('last reference was released');
      const asked = await port.queryInterface(unknown, interfaceDef('IVdsHwProviderType').iid, 'IVdsHwProviderType');
      expect(asked.hr).toBe(HR.E_NOINTERFACE);
      expect(asked.object).not.toBeNull();
    });

    test('identity: equal for all interfaces of an object, new for another object at its address', async () => {
      const first = await port.identity(unknown);
      const { out } = await on('IVdsProviderPrivate.GetObject', { objectId: ID, type: VDS_OBJECT_TYPE.VDS_OT_LUN });
      const again = out['objectUnk'] as Handle;
      expect(await port.identity(again)).toBe(first);
      expect(await port.release(again)).toBe(1);
      const seen = new Set([first]);
      for (let n = 0; n < 20; n++) {
        const other = await port.createInstance();
        seen.add(await port.identity(other));
        expect(await port.release(other)).toBe(0);
      }
      expect(seen.size).toBe(21);
      expect(await port.identity(unknown)).toBe(first);
    });

    test('a handle counts its own references and dies with the last', async () => {
      expect(await port.addRef(unknown)).toBe(2);
      expect(await port.release(unknown)).toBe(1);
      const second = await port.createInstance();
      expect(second).not.toBe(unknown);
      await port.release(second);
      await expect(port.addRef(second)).rejects.toThrow('last reference was released');
      await expect(port.invoke({ object: unknown, method: 'IVdsHwProvider.Refresh', args: {} })).rejects.toThrow(
        'called through a pointer to IUnknown',
      );
    });

    test('terminate releases whoever waits', async () => {
      const waiting = on('IVdsHwProvider.Reenumerate');
      const ended = expect(waiting).rejects.toThrow('abandoned: too slow');
      await new Promise((resolve) => {
        setTimeout(resolve, 20);
      });
      await port.terminate('too slow');
      await ended;
      const fresh = await adapter.open({ settings: { library, clsid: CLSID }, seed: '1', scratch: folder });
      port = fresh;
      unknown = await fresh.createInstance();
    });
  }),
);
