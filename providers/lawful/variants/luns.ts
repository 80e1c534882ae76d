// Lawful habits about LUNs: their sizes, types, plexes, masks and space.
import {
  VDS_ASYNC_OUTPUT_TYPE as OUT,
  VDS_HEALTH,
  VDS_LUN_TYPE as LT,
  VDS_SUB_SYSTEM_FLAG as SF,
} from '../../../src/contract/generated/enumerations.js';
import { NULL_GUID, type Guid } from '../../../src/contract/guid.js';
import { HR, hresultFromWin32 } from '../../../src/contract/hresult.js';
import { AUTOMAGIC } from '../../../src/contract/lun-types.js';
import { lacks, reports, together } from '../../defective/answers.js';
import type { MakeOverrides } from '../../defective/override.js';
import { StorageArray } from '../../in-memory/array/array.js';
import type { ArraySubSystem } from '../../in-memory/array/devices.js';
import { ALLOCATION_UNIT, cut, largestLun, layOut, spaces, type Layout } from '../../in-memory/array/space.js';
import { Failure } from '../../in-memory/failure.js';
import { AsyncOperation } from '../../in-memory/objects/async.js';
import { LunObject } from '../../in-memory/objects/lun.js';
import { SubSystemObject, type LunRequest } from '../../in-memory/objects/subsystem.js';
import {
  addedInUnits,
  down,
  GrowsBySectors,
  GrowsInItsPieces,
  inUnits,
  newInUnits,
  TakesWholePieces,
  up,
} from '../pieces.js';
import { notSupported, withoutFlags } from '../small-arrays.js';
import type { Variant } from '../variant.js';
import { GIB, MIB } from '../../../src/contract/sizes.js';

/** Both ways to create a LUN refuse some requests. */
const refusesToCreate = (
  hr: number,
  only: (args: { readonly type: number; readonly sizeInBytes: bigint }) => boolean,
): MakeOverrides => together(lacks('IVdsSubSystem.CreateLun', hr, only), lacks('IVdsSubSystem2.CreateLun2', hr, only));

const atMost4GiB =
  () =>
  ({ maxLunSize }: { readonly maxLunSize: bigint }) => ({
    maxLunSize: maxLunSize < 4n * GIB ? maxLunSize : 4n * GIB,
  });

/** An array whose drives are used up but for a part. */
class NearlyFull extends StorageArray {
  protected override build(): void {
    super.build();
    for (const subSystem of this.subSystems.values()) this.fill(subSystem);
  }

  private fill(subSystem: ArraySubSystem): void {
    for (const drive of subSystem.drives.keys()) {
      const layout = layOut(subSystem, LT.VDS_LT_SIMPLE, 7n * GIB, [drive]);
      this.addLun(subSystem, { layout, unmaskingList: '', friendlyName: 'Filled' });
    }
  }
}

class TwoPlexesAtMost extends LunObject {
  protected override addPlex(lunId: Guid): ReturnType<LunObject['addPlex']> {
    const { subSystem, lun } = this.reach();
    const source = subSystem.luns.get(lunId);
    if (source !== undefined && lun.plexes.size + source.plexes.size > 2) throw new Failure(HR.VDS_E_INVALID_OPERATION);
    return super.addPlex(lunId);
  }
}

/** Milliseconds for which a plex is brought up to date. */
const RESYNCHRONISING = 80;
const { VDS_H_HEALTHY: HEALTHY, VDS_H_REBUILDING: REBUILDING } = VDS_HEALTH;

class RebuildsMirrors extends LunObject {
  protected override operation(
    ...[type, commit, abandon]: Parameters<LunObject['operation']>
  ): ReturnType<LunObject['operation']> {
    return super.operation(
      type,
      () => {
        const made = commit();
        if (type === OUT.VDS_ASYNCOUT_ADDLUNPLEX) this.rebuild();
        else if (type === OUT.VDS_ASYNCOUT_REMOVELUNPLEX) this.isRebuilt();
        return made;
      },
      abandon,
    );
  }

  private rebuild(): void {
    this.change(HEALTHY, REBUILDING);
    setTimeout(() => this.isRebuilt(), RESYNCHRONISING);
  }

  private isRebuilt(): void {
    this.change(REBUILDING, HEALTHY);
  }

  /** The LUN and its plexes of one health get another. */
  private change(from: number, to: number): void {
    const lun = this.provider.array.find(this.id, 'lun')?.lun;
    if (lun === undefined || !this.provider.loaded) return;
    const concerned = [lun, ...lun.plexes.values()].filter(({ health }) => health === from);
    for (const each of concerned) each.health = to;
    if (concerned.length > 0) this.provider.learn(...concerned.map(({ id }) => id));
  }
}

/** An array of which nothing is left. */
class Full extends StorageArray {
  protected override build(): void {
    super.build();
    for (const subSystem of this.subSystems.values())
      for (const drive of subSystem.drives.keys()) {
        const bytes = largestLun(subSystem, LT.VDS_LT_SIMPLE, [drive]);
        if (bytes === 0n) continue;
        const layout = layOut(subSystem, LT.VDS_LT_SIMPLE, bytes, [drive]);
        this.addLun(subSystem, { layout, unmaskingList: '', friendlyName: 'Filled' });
      }
  }
}

class FewLuns extends SubSystemObject {
  protected override createLun(request: LunRequest): ReturnType<SubSystemObject['createLun']> {
    this.checkLunRequest(request);
    if (this.reach('IVdsSubSystem.CreateLun').subSystem.luns.size >= 8) throw new Failure(HR.VDS_E_NOT_ENOUGH_SPACE);
    return super.createLun(request);
  }
}

/** With those that are there from the beginning, of which there is one of each. */
const MOST = { luns: 5, targets: 4 } as const;
const NO_SYSTEM_RESOURCES = hresultFromWin32(1450);

class FewLunsAndTargets extends SubSystemObject {
  private get isFullOfLuns(): boolean {
    return this.reach().subSystem.luns.size >= MOST.luns;
  }

  protected override createLun(request: LunRequest): ReturnType<SubSystemObject['createLun']> {
    this.checkLunRequest(request);
    if (this.isFullOfLuns) throw new Failure(NO_SYSTEM_RESOURCES);
    return super.createLun(request);
  }

  protected override queryMaxLunCreateSize(
    ...placing: Parameters<SubSystemObject['queryMaxLunCreateSize']>
  ): ReturnType<SubSystemObject['queryMaxLunCreateSize']> {
    const answer = super.queryMaxLunCreateSize(...placing);
    return this.isFullOfLuns ? { hr: HR.S_OK, out: { maxLunSize: 0n } } : answer;
  }

  protected override createTarget(
    ...given: Parameters<SubSystemObject['createTarget']>
  ): ReturnType<SubSystemObject['createTarget']> {
    if (this.reach().subSystem.targets.size >= MOST.targets) throw new Failure(NO_SYSTEM_RESOURCES);
    return super.createTarget(...given);
  }
}

class OriginalLast extends LunObject {
  protected override queryPlexes(): ReturnType<LunObject['queryPlexes']> {
    return { hr: HR.S_OK, out: { enum: this.provider.list('plex', [...this.read().plexes].reverse()) } };
  }

  protected override removePlex(plexId: Guid): ReturnType<LunObject['removePlex']> {
    const { plexes } = this.read();
    if (plexes.length > 1 && plexId === plexes[0]) throw new Failure(HR.VDS_E_INVALID_OPERATION);
    return super.removePlex(plexId);
  }
}

class CancelledExtensionStays extends AsyncOperation {
  override abort(hr: number): void {
    if (hr === HR.VDS_E_OPERATION_CANCELED && this.work.type === OUT.VDS_ASYNCOUT_EXTENDLUN) this.work.commit();
    super.abort(hr);
  }
}

interface Extent {
  readonly used: boolean;
  readonly size: bigint;
  readonly lunId: Guid;
}

/** Of an extent that a LUN has one half was written, and the other is free. */
const halfWritten = <T extends Extent>(extent: T): readonly T[] =>
  extent.used
    ? [
        { ...extent, size: extent.size / 2n },
        { ...extent, size: extent.size - extent.size / 2n, used: false, lunId: NULL_GUID },
      ]
    : [extent];

/** A span has a piece on each drive that was given, and the rest in their order. */
class SpansEveryDrive extends SubSystemObject {
  protected override layOut(...asked: Parameters<SubSystemObject['layOut']>): Layout {
    const layout = super.layOut(...asked);
    const [subSystem, type, , drives] = asked;
    const on = spaces(subSystem, drives);
    let rest = layout.size - BigInt(on.length) * ALLOCATION_UNIT;
    if (type !== LT.VDS_LT_SPAN || drives === null || rest < 0n || on.some(({ free }) => free.length === 0))
      return layout;
    const extents = on.flatMap(({ free, total }) => {
      const more = rest < total - ALLOCATION_UNIT ? rest : total - ALLOCATION_UNIT;
      rest -= more;
      return cut(free, ALLOCATION_UNIT + more);
    });
    return { ...layout, plexes: layout.plexes.map((plex) => ({ ...plex, columns: [extents] })) };
  }
}

export const LUN_HABITS: readonly Variant[] = [
  {
    name: 'rounds-to-gigabytes',
    says: 'Gives LUNs whole gigabytes, rounded up, and takes whole gigabytes away.',
    decides: ['sizes'],
    overrides: inUnits(GIB, up),
  },
  {
    name: 'gives-a-gigabyte-at-least',
    says: 'A LUN has a gigabyte at least; above that it has what was asked for.',
    decides: ['sizes'],
    overrides: newInUnits(1n, (bytes) => (bytes < GIB ? GIB : bytes)),
  },
  {
    name: 'rounds-down',
    says: 'Gives LUNs whole pieces of 32 MiB, rounded down, which the pages allow as the exception.',
    decides: ['sizes'],
    finds: ['VDS-10.2d'],
    overrides: inUnits(32n * MIB, down),
  },
  {
    name: 'pieces-of-256-mib',
    says: 'Gives space in pieces of 256 MiB, as some large arrays do.',
    decides: ['sizes'],
    overrides: inUnits(256n * MIB, up),
  },
  {
    name: 'new-luns-in-slabs',
    says: 'Gives new LUNs whole slabs of 64 MiB, and extends them by less: no page has both rounded alike.',
    decides: ['sizes'],
    overrides: newInUnits(64n * MIB, up),
  },
  {
    name: 'extends-by-sectors',
    says: 'Extends LUNs by whole sectors, for which it takes whole pieces of drives: the plexes grow by more.',
    decides: ['sizes'],
    parts: { Lun: GrowsBySectors },
  },
  {
    name: 'extends-by-slabs',
    says: 'Adds whole slabs of 64 MiB to LUNs, which it makes of any size: no page has both rounded alike.',
    decides: ['sizes'],
    overrides: addedInUnits(64n * MIB, up),
  },
  {
    name: 'leaves-room-in-its-pieces',
    says: 'Takes space in pieces of 256 MiB and tells sizes in MiB: a LUN grows first in what its last piece has left.',
    decides: ['sizes', 'room'],
    parts: { SubSystem: TakesWholePieces, Lun: GrowsInItsPieces },
  },
  {
    name: 'smallest-lun-of-1-gib',
    says: 'Refuses LUNs of less than 1 GiB with E_INVALIDARG.',
    decides: ['sizes'],
    overrides: refusesToCreate(HR.E_INVALIDARG, ({ sizeInBytes }) => sizeInBytes < GIB),
  },
  {
    name: 'largest-lun-of-2-tib',
    says: 'Refuses LUNs of more than 2 TiB with E_INVALIDARG.',
    overrides: refusesToCreate(HR.E_INVALIDARG, ({ sizeInBytes }) => sizeInBytes > 2048n * GIB),
  },
  {
    name: 'luns-are-smaller-than-drives',
    says: 'Refuses LUNs of more than 4 GiB, half of a drive, with E_INVALIDARG: a limit before the room.',
    decides: ['room'],
    overrides: together(
      refusesToCreate(HR.E_INVALIDARG, ({ sizeInBytes }) => sizeInBytes > 4n * GIB),
      reports('IVdsSubSystem.QueryMaxLunCreateSize', atMost4GiB),
      reports('IVdsSubSystem2.QueryMaxLunCreateSize2', atMost4GiB),
    ),
  },
  {
    name: 'at-most-8-luns',
    says: 'A subsystem has eight LUNs at most; a ninth is refused for want of room.',
    decides: ['room'],
    incomplete: 'some checks make more LUNs',
    parts: { SubSystem: FewLuns },
  },
  {
    name: 'a-few-luns-and-targets',
    says:
      `A subsystem has ${MOST.luns} LUNs and ${MOST.targets} targets at most; more are refused with a system error, ` +
      'as no page has a code for that, and the largest LUN is then none.',
    decides: ['room'],
    incomplete: 'some checks make more LUNs and targets',
    parts: { SubSystem: FewLunsAndTargets },
  },
  {
    name: 'array-is-full',
    says: 'Has no room for another LUN.',
    decides: ['room'],
    incomplete: 'there is no room for LUNs',
    parts: { StorageArray: Full },
  },
  {
    name: 'array-is-nearly-full',
    says: 'Has some gigabytes left on each drive, of which none is unused.',
    decides: ['room'],
    incomplete: 'what some checks need may be more than is left',
    parts: { StorageArray: NearlyFull },
  },
  {
    name: 'array-is-read-only',
    says: 'Lets nobody create anything: its medium is write-protected.',
    decides: ['room'],
    incomplete: 'nothing can be created',
    overrides: together(
      refusesToCreate(hresultFromWin32(19), () => true),
      lacks('IVdsSubSystemIscsi.CreateTarget', hresultFromWin32(19)),
    ),
  },
  {
    name: 'makes-no-luns',
    says: 'Supports no creation of LUNs, whatever the type, and has none of the flags that say so.',
    overrides: together(
      withoutFlags(
        SF.VDS_SF_SUPPORTS_FAULT_TOLERANT_LUNS |
          SF.VDS_SF_SUPPORTS_NON_FAULT_TOLERANT_LUNS |
          SF.VDS_SF_SUPPORTS_SIMPLE_LUNS |
          SF.VDS_SF_SUPPORTS_SPAN_LUNS |
          SF.VDS_SF_SUPPORTS_STRIPE_LUNS |
          SF.VDS_SF_SUPPORTS_MIRROR_LUNS |
          SF.VDS_SF_SUPPORTS_PARITY_LUNS,
      ),
      refusesToCreate(HR.VDS_E_NOT_SUPPORTED, () => true),
    ),
  },
  {
    name: 'largest-lun-is-the-largest-expected',
    says:
      'QueryMaxLunCreateSize reports no more than the largest size that the hints expect: it is that of these ' +
      'hints.',
    overrides: reports('IVdsSubSystem.QueryMaxLunCreateSize', () => ({ maxLunSize }, { hints }) => {
      const expected = hints?.expectedMaximumSize ?? 0n;
      return { maxLunSize: expected > 0n && expected < maxLunSize ? expected : maxLunSize };
    }),
  },
  {
    name: 'wants-hints-with-automagic-types',
    says: 'Refuses an automagic type without hints, of which its page says that one or more should be given.',
    overrides: lacks(
      'IVdsSubSystem.CreateLun',
      HR.E_INVALIDARG,
      ({ type, hints }) => AUTOMAGIC.has(type) && (hints === null || hints.hintMask === 0n),
    ),
  },
  {
    name: 'no-automagic-types',
    says: 'Has no automagic types, which no page demands.',
    finds: ['VDS-10.1c'],
    overrides: together(
      withoutFlags(SF.VDS_SF_SUPPORTS_FAULT_TOLERANT_LUNS | SF.VDS_SF_SUPPORTS_NON_FAULT_TOLERANT_LUNS),
      refusesToCreate(HR.VDS_E_NOT_SUPPORTED, ({ type }) => AUTOMAGIC.has(type)),
    ),
  },
  {
    name: 'cannot-extend',
    says: 'LUNs cannot be extended or shrunk.',
    overrides: notSupported('IVdsLun.Extend', 'IVdsLun.Shrink', 'IVdsLun.QueryMaxLunExtendSize'),
  },
  {
    name: 'no-plexing',
    says: 'Cannot add plexes, as its flags say, and answers VDS_E_INVALID_OPERATION, the code of the page.',
    decides: ['plexes'],
    // It has mirrors, whose plexes it makes when it makes them.
    finds: ['VDS-10.32b'],
    overrides: together(
      withoutFlags(SF.VDS_SF_LUN_PLEXING_CAPABLE),
      lacks('IVdsLun.AddPlex', HR.VDS_E_INVALID_OPERATION),
    ),
  },
  {
    name: 'nothing-to-recover',
    says: 'Recover of a mirror that lacks nothing is not a valid operation.',
    decides: ['recover'],
    overrides: lacks('IVdsLun.Recover', HR.VDS_E_INVALID_OPERATION),
  },
  {
    name: 'parity-is-reported-as-raid-5',
    says: 'Tells the exact RAID level of what was asked for as parity, which the word covers.',
    overrides: reports('IVdsLun.GetProperties', () => ({ lunProp }) => ({
      lunProp: { ...lunProp, type: lunProp.type === LT.VDS_LT_PARITY ? LT.VDS_LT_RAID5 : lunProp.type },
    })),
  },
  {
    name: 'keeps-duplicates-in-masks',
    says:
      'Tells an unmasking list as it was given, with what stands in ' +
      'it twice: duplicates are ignored, not forbidden.',
    overrides: () => {
      const given = new Map<number, string>();
      return {
        methods: {
          'IVdsLun.SetMask': async (call, next) => {
            const reply = await next();
            if (reply.hr === HR.S_OK) given.set(call.object, call.args.unmaskingList ?? '');
            return reply;
          },
          'IVdsLun.GetProperties': async (call, next) => {
            const reply = await next();
            const prop = reply.out.lunProp;
            const list = given.get(call.object);
            return list !== undefined && typeof prop === 'object' && prop !== null && list.includes(';')
              ? { ...reply, out: { lunProp: { ...prop, unmaskingList: list } } }
              : reply;
          },
        },
      };
    },
  },
  {
    name: 'lun-without-a-mask-reports-null',
    says: 'Tells NULL as the unmasking list of a LUN that is not masked, as the IDL says.',
    overrides: reports('IVdsLun.GetProperties', () => ({ lunProp }) => ({
      lunProp: { ...lunProp, unmaskingList: lunProp.unmaskingList === '' ? null : lunProp.unmaskingList },
    })),
  },
  {
    name: 'spans-have-a-piece-on-each-drive',
    says:
      'A span has something on every drive that was given: "use all of the ' +
      'drives", against filling one before the next.',
    parts: { SubSystem: SpansEveryDrive },
  },
  {
    name: 'luns-cannot-be-set-offline',
    says:
      'Refuses OFFLINE as the status of a LUN with E_INVALIDARG: callers ' +
      'pass a subset of the values, which no page names.',
    overrides: lacks('IVdsLun.SetStatus', HR.E_INVALIDARG, ({ status }) => status === 4),
  },
  {
    name: 'lists-the-original-plex-last',
    says: 'Lists the plex that a LUN began with last, and does not let it be removed; no page orders QueryPlexes.',
    parts: { Lun: OriginalLast },
  },
  {
    name: 'version-1-without-type-flags',
    says: 'Supports VDS 1.0 only, which has no flags for types, and makes spans and mirrors nevertheless.',
    decides: ['version'],
    overrides: together(
      withoutFlags(SF.VDS_SF_SUPPORTS_SPAN_LUNS | SF.VDS_SF_SUPPORTS_STRIPE_LUNS | SF.VDS_SF_SUPPORTS_MIRROR_LUNS),
      reports('IVdsProviderSupport.GetVersionSupport', () => () => ({ versionSupport: 1 })),
    ),
  },
  {
    name: 'cancelled-extension-stays',
    says: 'Cancel of an Extend stops where it is, with the bytes that were added: its page says nothing of going back.',
    decides: ['cancel'],
    finds: ['VDS-8.7c'],
    parts: { AsyncOperation: CancelledExtensionStays },
  },
  {
    name: 'allocates-on-write',
    says: 'Makes thin LUNs only: of a drive and of a plex it reports what was written, and not what a LUN may hold.',
    finds: ['VDS-10.29'],
    decides: ['extents'],
    overrides: together(
      reports('IVdsDrive.QueryExtents', () => ({ extentArray }) => {
        const extents = extentArray?.flatMap(halfWritten) ?? [];
        return { extentArray: extents, numberOfExtents: extents.length };
      }),
      reports('IVdsLunPlex.QueryExtents', () => ({ extentArray }) => {
        const extents = extentArray?.flatMap(halfWritten).filter(({ used }) => used) ?? [];
        return { extentArray: extents, numberOfExtents: extents.length };
      }),
    ),
  },
  {
    name: 'mirrors-are-rebuilt-for-a-while',
    says:
      'After AddPlex the LUN and its plexes report VDS_H_REBUILDING for 80 ms, and are healthy then: VDS_HEALTH has ' +
      'it for a mirror that resynchronises.',
    decides: ['health of mirrors'],
    parts: { Lun: RebuildsMirrors },
  },
  {
    name: 'two-plexes-at-most',
    says: 'AddPlex that would give a LUN a third plex is not a valid operation; no page says how many there may be.',
    decides: ['add plex'],
    parts: { Lun: TwoPlexesAtMost },
  },
];
