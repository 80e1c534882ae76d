// The reference provider in C++ through the adapter, in this process and in a provider host, and what happens to a
// session when a provider with a defect crashes, hangs or writes where it must not.
import { openAdapter } from '../../../src/port/load-adapter.js';
import { spawnSync } from 'node:child_process';
import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { UNTOUCHED, type Untouched } from '../../../src/contract/codec.js';
import { HR, formatHresult } from '../../../src/contract/hresult.js';
import {
  VDS_ASYNC_OUTPUT_TYPE,
  VDS_LUN_TYPE,
  VDS_NOTIFICATION_TARGET_TYPE,
} from '../../../src/contract/generated/enumerations.js';
import type { VDS_ASYNC_OUTPUT, VDS_LUN_PROP } from '../../../src/contract/generated/structures.js';
import {
  ConfigurationError,
  HarnessError,
  ProviderCrashed,
  ProviderHung,
  ProviderNotLoaded,
  ProviderProtocolError,
} from '../../../src/port/errors.js';
import { openIsolated } from '../../../src/port/host/isolated.js';
import type { TypedInterfaces, VdsObject } from '../../../src/port/objects.js';
import type { OpenOptions, Port } from '../../../src/port/port.js';
import { DEFAULT_LIMITS, Session, type Limits } from '../../../src/port/session.js';
import { adapter } from '../../../providers/ffi/adapter.js';
import { ROOT } from '../../support/project.js';
import { needs } from '../../support/tools.js';
import { newFolder } from '../../support/folder.js';

interface Built {
  readonly library: string;
  readonly clsid: string;
}

const MODULE = join(ROOT, 'dist/providers/ffi/adapter.js');
const GIBIBYTE = 1n << 30n;
/** Compiling takes a minute or more where the machine is busy. */
const BUILDING = 600_000;
let folder: string;
let reference: Built;
const sessions: Session[] = [];

function build(defect?: string): Built {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [join(ROOT, 'scripts/build-native.mjs'), ...(defect === undefined ? [] : ['--defect', defect])],
    { encoding: 'utf8' },
  );
  const [, library] = /^library: (.*)$/m.exec(stdout) ?? [];
  const [, clsid] = /^clsid: (.*)$/m.exec(stdout) ?? [];
  if (status !== 0 || library === undefined || clsid === undefined) throw new Error(`build-native failed: ${stderr}`);
  return { library, clsid };
}

const options = (settings: object): OpenOptions => ({
  settings: { ...settings },
  seed: '1',
  scratch: newFolder(),
});
async function inProcess(built: Built): Promise<Session> {
  return opened(await adapter.open(options(built)));
}
async function isolated(built: Built, limits?: Partial<Limits>, open = options(built)): Promise<Session> {
  return opened(await openIsolated(MODULE, open), limits);
}
function opened(port: Port, limits: Partial<Limits> = {}): Session {
  const session = new Session(port, { ...DEFAULT_LIMITS, ...limits });
  sessions.push(session);
  return session;
}

/** A value that a check would hold the provider to; here it only has to be there. */
function present<T>(value: T, what: string): Exclude<T, null | undefined | Untouched> {
  if (value === null || value === undefined || value === UNTOUCHED) throw new Error(`${what} is ${String(value)}`);
  return value as Exclude<T, null | undefined | Untouched>;
}
const ok = <T extends { readonly hr: number }>(result: T): T => {
  if (result.hr !== HR.S_OK) throw new Error(`the call answered ${formatHresult(result.hr)}`);
  return result;
};

interface Loaded {
  readonly sink: VdsObject;
  readonly unknown: VdsObject;
  readonly provider: TypedInterfaces['IVdsHwProvider'];
}
async function load(session: Session): Promise<Loaded> {
  const unknown = await session.createInstance();
  const sink = await session.createSink();
  const own = present(await unknown.as('IVdsProviderPrivate'), 'IVdsProviderPrivate');
  ok(await own.onLoad({ machineName: 'host', callbackObject: sink }));
  await own.release();
  return { sink, unknown, provider: present(await unknown.as('IVdsHwProvider'), 'IVdsHwProvider') };
}

async function all<I extends keyof TypedInterfaces>(
  list: TypedInterfaces['IEnumVdsObject'],
  name: I,
): Promise<TypedInterfaces[I][]> {
  const found: TypedInterfaces[I][] = [];
  for (;;) {
    const { hr, out } = await list.next({ celt: 4 });
    for (const object of present(out.objectArray, 'the elements') as VdsObject[]) {
      found.push(present(await object.as(name), name));
      await object.release();
    }
    if (hr !== HR.S_OK) break;
  }
  await list.release();
  return found;
}
const list = (result: {
  readonly hr: number;
  readonly out: { readonly enum: unknown };
}): TypedInterfaces['IEnumVdsObject'] =>
  present(ok(result).out.enum, 'the enumeration') as TypedInterfaces['IEnumVdsObject'];

async function subSystem({ provider }: Loaded): Promise<TypedInterfaces['IVdsSubSystem']> {
  const [first, ...others] = await all(list(await provider.querySubSystems()), 'IVdsSubSystem');
  for (const other of others) await other.release();
  return present(first, 'a subsystem');
}

async function createLun(
  session: Session,
  owner: TypedInterfaces['IVdsSubSystem'],
): Promise<TypedInterfaces['IVdsLun']> {
  const created = ok(
    await owner.createLun({ type: VDS_LUN_TYPE.VDS_LT_DEFAULT, sizeInBytes: GIBIBYTE, unmaskingList: '' }),
  );
  const operation = present(created.out.async, 'the operation') as unknown as TypedInterfaces['IVdsAsync'];
  const { out } = ok(await operation.wait());
  expect(out.hrResult).toBe(HR.S_OK);
  const result = present(out.asyncOut, 'its output') as unknown as VDS_ASYNC_OUTPUT<VdsObject>;
  expect(result.type).toBe(VDS_ASYNC_OUTPUT_TYPE.VDS_ASYNCOUT_CREATELUN);
  const made = present((result as unknown as { cl: { lunUnk: VdsObject | null } }).cl.lunUnk, 'the LUN');
  const lun = present(await made.as('IVdsLun'), 'IVdsLun');
  await made.release();
  await operation.release();
  expect(session.broken).toBeUndefined();
  return lun;
}

async function failureOf(attempt: Promise<unknown>): Promise<HarnessError> {
  const error: unknown = await attempt.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(HarnessError);
  return error as HarnessError;
}

needs('native', 'the ffi adapter', () =>
  describe('the ffi adapter', () => {
    beforeAll(() => {
      folder = newFolder();
      reference = build();
    }, BUILDING);
    afterEach(async () => {
      for (const session of sessions.splice(0)) await session.close();
    });

    describe.each([
      ['in this process', inProcess],
      ['in a provider host', isolated],
    ] as const)('the reference provider %s', (_, open) => {
      test('loads, enumerates, creates a LUN and notifies', async () => {
        const session = await open(reference);
        const loaded = await load(session);
        const owner = await subSystem(loaded);
        const properties = present(ok(await owner.getProperties()).out.subSystemProp, 'the properties');
        expect(properties.identification).not.toBe('');
        const before = (await all(list(await owner.queryLuns()), 'IVdsLun')).length;

        const mark = session.received.length;
        const lun = await createLun(session, owner);
        const lunProp = present(ok(await lun.getProperties()).out.lunProp, 'the properties');
        expect(lunProp).toMatchObject({ size: GIBIBYTE } satisfies Partial<VDS_LUN_PROP>);
        const arrived = await session.notification((n) => 'lun' in n && n.lun.lunId === lunProp.id, mark);
        expect(arrived?.objectType).toBe(VDS_NOTIFICATION_TARGET_TYPE.VDS_NTT_LUN);

        const luns = await all(list(await owner.queryLuns()), 'IVdsLun');
        expect(luns).toHaveLength(before + 1);
        const identities = await Promise.all(luns.map((l) => l.identity()));
        expect(identities).toContain(await lun.identity());
        expect(new Set(identities).size).toBe(luns.length);

        const identification = ok(await lun.getIdentificationData()).out.lunInfo;
        expect(present(identification, 'the identification').serialNumber).not.toBe('');
      });

      test('gives back every reference', async () => {
        const session = await open(reference);
        const before = new Map(session.owned());
        const loaded = await load(session);
        await createLun(session, await subSystem(loaded));
        const own = present(await loaded.unknown.as('IVdsProviderPrivate'), 'IVdsProviderPrivate');
        await own.onUnload({ forceUnload: true });
        // The provider let go of the sink: nothing but our own reference is left.
        expect(await loaded.sink.addRef()).toBe(2);
        expect(await loaded.sink.release()).toBe(1);
        expect(await session.releaseSince(before)).toBeGreaterThan(3);
        expect(session.owned().size).toBe(0);
      });

      test('takes NULL for an output, and a setting as it is written on a command line', async () => {
        const session = await open({ ...reference, clsid: reference.clsid.replace(/[{}]/g, '').toLowerCase() });
        const { provider } = await load(session);
        const { hr, out } = await provider.querySubSystems({ nullOuts: ['enum'] });
        expect(hr >>> 31).toBe(1);
        expect(out).toEqual({});
      });
    });

    test('a respawned host finds the state of the one that was ended', async () => {
      const open = options(reference);
      const first = await isolated(reference, {}, open);
      const lun = await createLun(first, await subSystem(await load(first)));
      const { id } = present(ok(await lun.getProperties()).out.lunProp, 'the properties');
      await first.close();
      const second = await isolated(reference, {}, open);
      const luns = await all(list(await (await subSystem(await load(second))).queryLuns()), 'IVdsLun');
      const ids = await Promise.all(
        luns.map(async (l) => present(ok(await l.getProperties()).out.lunProp, 'the properties').id),
      );
      expect(ids).toContain(id);
    });

    describe('defects', () => {
      let overruns: Built;
      let crashes: Built;
      let hangs: Built;
      beforeAll(() => {
        [overruns, crashes, hangs] = [build('out-overrun'), build('crash-in-refresh'), build('hang-in-reenumerate')];
      }, BUILDING);

      test('out-overrun names the parameter and how far it went', async () => {
        const session = await isolated(overruns);
        const lun = await createLun(session, await subSystem(await load(session)));
        const error = await failureOf(lun.getProperties());
        expect(error).toBeInstanceOf(ProviderProtocolError);
        expect(error.describe()).toMatch(
          /wrote 8 bytes past VDS_LUN_PROP \(parameter pLunProp\) during IVdsLun::GetProperties/,
        );
        expect(session.broken).toBeUndefined();
      });

      test('crash-in-refresh names the call, and a new session works', async () => {
        const open = options(crashes);
        const session = await isolated(crashes, {}, open);
        const { provider } = await load(session);
        ok(await provider.reenumerate());
        const error = await failureOf(provider.refresh());
        expect(error).toBeInstanceOf(ProviderCrashed);
        expect(error.message).toMatch(/SIGSEGV during IVdsHwProvider::Refresh/);
        expect(session.broken).toBe(error);
        const next = await isolated(crashes, {}, open);
        ok(await (await load(next)).provider.reenumerate());
      });

      test('hang-in-reenumerate is ended at its limit, and a new session works', async () => {
        const open = options(hangs);
        const session = await isolated(hangs, { scan: 300 }, open);
        const { provider } = await load(session);
        const error = await failureOf(provider.reenumerate());
        expect(error).toBeInstanceOf(ProviderHung);
        expect(error.call).toBe('IVdsHwProvider::Reenumerate');
        const next = await isolated(hangs, {}, open);
        await subSystem(await load(next));
      });

      test('a session whose calls were abandoned can still be closed', async () => {
        const session = await isolated(hangs);
        const { provider } = await load(session);
        const abandoned = failureOf(provider.reenumerate());
        await session.close();
        await abandoned;
      });
    });

    describe('what cannot be loaded says what to do', () => {
      const cases: readonly [string, () => object, new (...args: never[]) => HarnessError, RegExp][] = [
        [
          'a missing library',
          () => ({ ...reference, library: join(folder, 'nothing.so') }),
          ProviderNotLoaded,
          /nothing\.so does not exist/,
        ],
        [
          'a file that is no library',
          () => {
            const library = join(folder, 'text.so');
            writeFileSync(library, 'no library');
            return { ...reference, library };
          },
          ProviderNotLoaded,
          /text\.so could not be loaded/,
        ],
        [
          'a library that is no COM server',
          () => {
            const library = join(folder, 'plain.so');
            const source = join(folder, 'plain.c');
            writeFileSync(source, 'int nothing(void) { return 0; }\n');
            const built = spawnSync('cc', ['-shared', '-fPIC', '-o', library, source]);
            if (built.status !== 0) throw new Error(String(built.stderr));
            return { ...reference, library };
          },
          ProviderNotLoaded,
          /plain\.so exports no DllGetClassObject/,
        ],
        [
          'a class that the library does not have',
          () => ({ ...reference, clsid: '00000000-0000-0000-0000-000000000001' }),
          ProviderNotLoaded,
          /CLASS_E_CLASSNOTAVAILABLE \(0x80040111\) for the class \{00000000/,
        ],
        [
          'a CLSID that is no GUID',
          () => ({ ...reference, clsid: 'vds' }),
          ConfigurationError,
          /clsid: "vds" is not a GUID/,
        ],
        ['no CLSID', () => ({ library: reference.library }), ConfigurationError, /clsid/],
        ['a setting that does not exist', () => ({ ...reference, libary: 'x' }), ConfigurationError, /libary/],
        [
          'no library where there is no registry',
          () => ({ clsid: reference.clsid }),
          ConfigurationError,
          /library: the path of the provider.s library/,
        ],
      ];
      test.each(cases)('%s', async (_, settings, kind, message) => {
        for (const open of [
          () => openAdapter(MODULE, options(settings())),
          () => openIsolated(MODULE, options(settings())),
        ]) {
          const error = await failureOf(open());
          expect(error).toBeInstanceOf(kind);
          expect(error.message).toMatch(message);
          expect(error.hint).not.toBe('');
        }
      });
    });

    test("the state folder is the session's, unless the user chose one", async () => {
      const copy = join(folder, 'copy.so');
      copyFileSync(reference.library, copy);
      const chosen = newFolder();
      const before = process.env['VDSC_NATIVE_STATE'];
      process.env['VDSC_NATIVE_STATE'] = chosen;
      try {
        const session = await inProcess({ ...reference, library: copy });
        await load(session);
        expect(process.env['VDSC_NATIVE_STATE']).toBe(chosen);
      } finally {
        if (before === undefined) delete process.env['VDSC_NATIVE_STATE'];
        else process.env['VDSC_NATIVE_STATE'] = before;
      }
    });
  }),
);
