// The FFI adapter in this process against koffi called by hand: the same method, asynchronously, with the same strings
// read and freed.
import koffi from 'koffi';
import { adapter as ffi } from '../providers/ffi/adapter.js';
import { guidToBytes, parseGuid } from '../src/contract/guid.js';
import { interfaceDef, method, structure, type InterfaceName } from '../src/contract/tables.js';
import { openIsolated } from '../src/port/host/isolated.js';
import type { OpenOptions } from '../src/port/port.js';
import { fileURLToPath } from 'node:url';
import type { Case } from './measure.js';
import { subjectOn } from './systems.js';

interface Library {
  readonly library: string;
  readonly clsid: string;
}

/** Just enough COM by hand to reach a LUN's GetProperties. */
function byHand({ library, clsid }: Library): () => Promise<unknown> {
  const lib = koffi.load(library);
  const pointer = (from: bigint, offset = 0): bigint => BigInt(koffi.decode(from, offset, 'uint64') as number | bigint);
  const slot = (
    object: bigint,
    index: number,
    proto: ReturnType<typeof koffi.proto>,
  ): ((...args: unknown[]) => number) & { async: (...args: unknown[]) => void } =>
    koffi.decode(pointer(pointer(object), 8 * index) as never, proto) as never;
  const out = Buffer.alloc(8);
  const made = (hr: number): bigint => {
    if (hr < 0) throw new Error(`0x${(hr >>> 0).toString(16)}`);
    return out.readBigUInt64LE();
  };
  const free = koffi.load(null).func('void free(void *p)');
  const getClass = lib.func('int DllGetClassObject(void *clsid, void *iid, void *out)');
  const iid = (name: InterfaceName): Buffer => Buffer.from(guidToBytes(interfaceDef(name).iid));
  const guid = (text: string): Buffer => Buffer.from(guidToBytes(parseGuid(text) ?? ''));
  const two = koffi.proto('int BenchTwo(void *self, void *a, void *b)');
  const one = koffi.proto('int BenchOne(void *self, void *a)');
  const three = koffi.proto('int BenchThree(void *self, void *a, void *b, void *c)');
  const next = koffi.proto('int BenchNext(void *self, uint32 celt, void *a, void *b)');
  const query = (object: bigint, name: InterfaceName): bigint => made(slot(object, 0, two)(object, iid(name), out));
  const factory = made(getClass(guid(clsid), guid('00000001-0000-0000-c000-000000000046'), out));
  const unknown = made(slot(factory, 3, three)(factory, null, iid('IUnknown'), out));
  const loader = query(unknown, 'IVdsProviderPrivate');
  slot(loader, method('IVdsProviderPrivate.OnLoad').slot, two)(loader, null, null);
  const first = (enumerator: bigint): bigint => made(slot(enumerator, 3, next)(enumerator, 1, out, Buffer.alloc(4)));
  const hw = query(unknown, 'IVdsHwProvider');
  const subSystem = query(first(made(slot(hw, 3, one)(hw, out))), 'IVdsSubSystem');
  const lun = query(
    first(made(slot(subSystem, method('IVdsSubSystem.QueryLuns').slot, one)(subSystem, out))),
    'IVdsLun',
  );
  const getProperties = slot(lun, method('IVdsLun.GetProperties').slot, one);
  const { size, fields } = structure('VDS_LUN_PROP');
  const strings = fields.filter((f) => f.type.kind === 'wstr').map((f) => f.offset);
  return () =>
    new Promise((resolve, reject) => {
      const bytes = Buffer.alloc(size);
      getProperties.async(lun, bytes, (error: unknown, hr: number) => {
        if (error !== null || hr < 0) reject(error ?? new Error('failed'));
        const prop: Record<string, unknown> = {
          size: bytes.readBigUInt64LE(16),
          type: bytes.readInt32LE(52),
          id: bytes.toString('hex', 0, 16),
        };
        for (const offset of strings) {
          const at = bytes.readBigUInt64LE(offset);
          if (at === 0n) continue;
          prop[offset] = koffi.decode.string16(at);
          free(at);
        }
        resolve(prop);
      });
    });
}

/** The native cases: the adapter in process, and in a provider host. */
export async function nativeCases(
  settings: Library,
  options: OpenOptions,
  closers: (() => Promise<unknown>)[],
): Promise<Case[]> {
  process.env['VDSC_NATIVE_STATE'] = options.scratch;
  const raw = byHand(settings);
  const inProcess = await subjectOn(await ffi.open({ ...options, settings: { ...settings } }));
  const host = await subjectOn(
    await openIsolated(fileURLToPath(new URL('../providers/ffi/adapter.js', import.meta.url)), {
      ...options,
      settings: { ...settings },
    }),
  );
  closers.push(() => host.session.close());
  return [
    {
      name: 'FFI in process',
      against: 'koffi called by hand, asynchronously',
      ours: () => inProcess.lun.getProperties(),
      limit: raw,
    },
    {
      name: 'FFI in process, 16 in flight',
      against: 'koffi called by hand, asynchronously',
      inFlight: 16,
      ours: () => inProcess.lun.getProperties(),
      limit: raw,
    },
    {
      name: 'FFI in a provider host',
      against: 'koffi called by hand, asynchronously',
      ours: () => host.lun.getProperties(),
      limit: raw,
    },
  ];
}
