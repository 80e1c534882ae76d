// Whatever happens in whatever order: no answer outside the contract, no value that was never true, and after healing
// and the pair the provider agrees with the array.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { NULL_GUID, type Guid } from '../../../src/contract/guid.js';
import { formatHresult, isPermitted } from '../../../src/contract/hresult.js';
import type { VDS_NOTIFICATION } from '../../../src/contract/generated/structures.js';
import { method } from '../../../src/contract/tables.js';
import type { CallRecord } from '../../../src/port/trace.js';
import type { TypedInterfaces } from '../../../src/port/objects.js';
import { ProviderObject } from '../../../providers/in-memory/objects/provider.js';
import { VDS_LUN_TYPE as LT } from '../../../src/contract/generated/enumerations.js';
import { all, as, code, FK, GIB, given, idOf, open, type Instance, type Truth } from './system.js';

type Step =
  | { readonly op: 'create-lun' | 'extend'; readonly pick: number; readonly size: bigint; readonly wait: boolean }
  | {
      readonly op: 'delete-lun' | 'create-target' | 'delete-target' | 'secret';
      readonly pick: number;
      readonly wait: boolean;
    }
  | { readonly op: 'import-target'; readonly pick: number; readonly name: string | null }
  | { readonly op: 'fault'; readonly pick: number; readonly kind: number; readonly notify: boolean }
  | { readonly op: 'heal' | 'cancel'; readonly pick: number }
  | { readonly op: 'reenumerate' | 'refresh' | 'look' | 'turn' };

// Those that only make calls wait have tests of their own.
const KINDS = Object.values(FK).filter((kind) => kind !== FK.VDSC_FK_LATENCY && kind !== FK.VDSC_FK_HANG);

const pick = fc.nat(50);
const size = fc.oneof(fc.bigInt({ min: 0n, max: 8n * GIB }), fc.constant(60n * GIB));
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ op: fc.constantFrom('create-lun' as const, 'extend' as const), pick, size, wait: fc.boolean() }),
  fc.record({
    op: fc.constantFrom('delete-lun' as const, 'create-target' as const, 'delete-target' as const, 'secret' as const),
    pick,
    wait: fc.boolean(),
  }),
  fc.record({
    op: fc.constant('import-target' as const),
    pick,
    name: fc.constantFrom(null, 'iqn.2026-11.example:a', 'iqn.2026-11.example:b'),
  }),
  fc.record({ op: fc.constant('fault' as const), pick, kind: fc.constantFrom(...KINDS), notify: fc.boolean() }),
  fc.record({ op: fc.constantFrom('heal' as const, 'cancel' as const), pick }),
  fc.record({ op: fc.constantFrom('reenumerate' as const, 'refresh' as const, 'look' as const, 'turn' as const) }),
);

/** Runs steps on one provider and keeps what was true at any time, by object id. */
class Run {
  readonly subSystems: TypedInterfaces['IVdsSubSystem'][] = [];
  readonly luns: TypedInterfaces['IVdsLun'][] = [];
  readonly targets: TypedInterfaces['IVdsIscsiTarget'][] = [];
  private readonly operations: TypedInterfaces['IVdsAsync'][] = [];
  private readonly faults: number[] = [];
  private readonly sizes = new Map<Guid, Set<string>>();
  private readonly secrets = new Map<Guid, Set<boolean>>();
  private readonly importTargets = new Map<Guid, Set<string>>();
  private readonly subSystemIds: Guid[] = [];

  constructor(private readonly p: Instance) {}

  async start(): Promise<void> {
    for (const index of [0, 1]) {
      const subSystem = await this.p.subSystem(index);
      this.subSystems.push(subSystem);
      this.subSystemIds.push(await idOf(subSystem));
      this.luns.push(await this.p.lun(subSystem));
      this.targets.push(await this.p.target(subSystem));
    }
    this.remember(await this.p.truth());
  }

  async perform(s: Step): Promise<void> {
    switch (s.op) {
      case 'create-lun': {
        const answer = await this.of(this.subSystems, s.pick).createLun({
          type: 10,
          sizeInBytes: s.size,
          driveIdArray: null,
          unmaskingList: '*',
          hints: null,
        });
        return this.accepted(answer, s.wait);
      }
      case 'extend':
        return this.accepted(
          await this.of(this.luns, s.pick).extend({ numberOfBytesToAdd: s.size, driveIdArray: null }),
          s.wait,
        );
      case 'delete-lun':
        return this.permitted(await this.of(this.luns, s.pick).delete());
      case 'create-target': {
        const iscsi = await as(this.of(this.subSystems, s.pick), 'IVdsSubSystemIscsi');
        return this.accepted(
          await iscsi.createTarget({
            iscsiName: s.pick % 2 === 0 ? null : `iqn.2026-11.example:${s.pick % 5}`,
            friendlyName: null,
          }),
          s.wait,
        );
      }
      case 'delete-target':
        return this.accepted(await this.of(this.targets, s.pick).delete(), s.wait);
      case 'secret': {
        const bytes = s.wait ? { sharedSecret: new Uint8Array(12), sharedSecretSize: 12 } : null;
        return this.permitted(
          await this.of(this.targets, s.pick).setSharedSecret({ targetSharedSecret: bytes, initiatorName: null }),
        );
      }
      case 'import-target': {
        const importTarget = await as(this.of(this.subSystems, s.pick), 'IVdsSubSystemImportTarget');
        return this.permitted(await importTarget.setImportTarget({ iscsiName: s.name }));
      }
      case 'fault':
        return this.fault(s.pick, s.kind, s.notify);
      case 'heal':
        return this.faults.length === 0
          ? undefined
          : this.permitted(await this.p.control.heal({ faultId: this.of(this.faults, s.pick) }));
      case 'cancel':
        return this.operations.length === 0
          ? undefined
          : this.permitted(await this.of(this.operations, s.pick).cancel());
      case 'reenumerate':
        return this.permitted(await this.p.hw.reenumerate());
      case 'refresh':
        return this.permitted(await this.p.hw.refresh());
      case 'look':
        return this.look();
      case 'turn':
        return new Promise((resolve) => {
          setImmediate(resolve);
        });
    }
  }

  /** Notes what is true now, so that a later answer can be told from one that never was. */
  remember(truth: Truth): void {
    for (const s of truth.subSystems) {
      this.importTargets.set(s.id, (this.importTargets.get(s.id) ?? new Set()).add(String(s.importTarget)));
      for (const l of s.luns) this.sizes.set(l.id, (this.sizes.get(l.id) ?? new Set()).add(l.size));
      for (const t of s.targets) this.secrets.set(t.id, (this.secrets.get(t.id) ?? new Set()).add(t.chapEnabled));
    }
  }

  /** Reads through every reference that was ever held. */
  async look(): Promise<void> {
    for (const lun of this.luns) {
      const answer = await lun.getProperties();
      this.permitted(answer);
      if (code(answer) === 'S_OK') {
        const { id, size: bytes } = given(answer.out.lunProp);
        expect([...given(this.sizes.get(id))]).toContain(String(bytes));
      }
    }
    for (const target of this.targets) {
      const answer = await target.getProperties();
      this.permitted(answer);
      if (code(answer) === 'S_OK') {
        const { id, chapEnabled } = given(answer.out.targetProp);
        expect([...given(this.secrets.get(id))]).toContain(chapEnabled);
      }
    }
    for (const [i, subSystem] of this.subSystems.entries()) {
      const answer = await (await as(subSystem, 'IVdsSubSystemImportTarget')).getImportTarget();
      this.permitted(answer);
      if (code(answer) === 'S_OK')
        expect([...given(this.importTargets.get(given(this.subSystemIds[i])))]).toContain(answer.out.iscsiName);
      this.permitted(await subSystem.queryLuns());
    }
    this.permitted(await this.p.hw.querySubSystems());
  }

  /** Ends what is under way and takes every cause away. */
  async settle(): Promise<void> {
    for (const operation of this.operations) this.permitted(await operation.wait());
    for (const faultId of this.faults) await this.p.control.heal({ faultId });
  }

  /** Deleted by its answer, or one of the devices that the array has. */
  async checkHeld(): Promise<void> {
    const truth = await this.p.truth();
    const sizes = new Map(truth.subSystems.flatMap((s) => s.luns).map((l) => [l.id, l.size]));
    for (const lun of this.luns) {
      const answer = await lun.getProperties();
      if (code(answer) === 'VDS_E_OBJECT_DELETED') continue;
      expect(code(answer)).toBe('S_OK');
      const properties = given(answer.out.lunProp);
      expect(String(properties.size)).toBe(sizes.get(properties.id));
    }
  }

  private async fault(index: number, kind: number, notify: boolean): Promise<void> {
    const ids = (await this.p.truth()).subSystems.flatMap((s) => [
      s.id,
      ...s.luns.flatMap((l) => [l.id, ...l.plexes.map((x) => x.id)]),
      ...s.targets.flatMap((t) => [t.id, ...t.portalGroups.map((g) => g.id)]),
      ...[...s.drives, ...s.controllers, ...s.portals].map((d) => d.id),
    ]);
    if (ids.length === 0) return;
    const answer = await this.p.control.inject({
      kind,
      objectId: kind === FK.VDSC_FK_EXHAUST_MEMORY ? NULL_GUID : this.of(ids, index),
      notify,
    });
    this.permitted(answer);
    if (code(answer) === 'S_OK') this.faults.push(given(answer.out.faultId));
  }

  private async accepted(
    answer: {
      readonly hr: number;
      readonly record: CallRecord;
      readonly out: { readonly async: TypedInterfaces['IVdsAsync'] | null | symbol };
    },
    wait: boolean,
  ): Promise<void> {
    this.permitted(answer);
    if (code(answer) !== 'S_OK') return;
    const operation = given(answer.out.async) as TypedInterfaces['IVdsAsync'];
    this.operations.push(operation);
    if (!wait) return;
    const { asyncOut } = (await operation.wait()).out;
    const { cl, ct } = given(asyncOut);
    if (cl?.lunUnk != null) this.luns.push(await as(cl.lunUnk, 'IVdsLun'));
    if (ct?.targetUnk != null) this.targets.push(await as(ct.targetUnk, 'IVdsIscsiTarget'));
  }

  private permitted(answer: { readonly hr: number; readonly record: CallRecord }): void {
    expect(
      isPermitted(method(answer.record.method), answer.hr),
      `${answer.record.method} answered ${formatHresult(answer.hr)}`,
    ).toBe(true);
  }

  private of<T>(list: readonly T[], index: number): T {
    return list[index % list.length] as T;
  }
}

test('random sequences end in agreement with the array', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { size: 'max', maxLength: 60 }), async (steps) => {
      const runs: Run[] = [];
      // Two operations may end between two calls of this test; each announces its change, and that is when the truth is
      // noted.
      class Observed extends ProviderObject {
        override announce(notifications: readonly VDS_NOTIFICATION[]): void {
          for (const each of runs) each.remember(JSON.parse(this.array.truth()) as Truth);
          super.announce(notifications);
        }
      }
      const p = await open({ Provider: Observed });
      const run = new Run(p);
      runs.push(run);
      await run.start();
      for (const each of steps) {
        await run.perform(each);
        run.remember(await p.truth());
      }
      await run.settle();
      await run.look();
      await p.recover();
      const truth = await p.truth();
      expect(await p.inventory()).toEqual(truth);
      await run.checkHeld();
      // No space is lost to operations that ended in whatever way: what is free can be had, and not a megabyte more.
      for (const subSystem of await p.subSystems()) {
        const drives = await all(subSystem.queryDrives(), 'IVdsDrive');
        const extents = await Promise.all(drives.map(async (d) => given((await d.queryExtents()).out.extentArray)));
        const free = extents.flat().reduce((sum, e) => (e.used ? sum : sum + e.size), 0n);
        const request = { type: LT.VDS_LT_SPAN, driveIdArray: null, unmaskingList: '', hints: null };
        expect(code(await subSystem.createLun({ ...request, sizeInBytes: free + 1n }))).toBe('VDS_E_NOT_ENOUGH_SPACE');
        if (free > 0n) await p.createLun(subSystem, free, LT.VDS_LT_SPAN);
      }
    }),
    { numRuns: 60 },
  );
});
