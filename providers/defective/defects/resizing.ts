// Defects of making LUNs larger and smaller.
import { VDS_ASYNC_OUTPUT_TYPE } from '../../../src/contract/generated/enumerations.js';
import { HR } from '../../../src/contract/hresult.js';
import type { Guid } from '../../../src/contract/guid.js';
import type { Handle } from '../../../src/contract/tables.js';
import { shrinkLun } from '../../in-memory/array/reshaping.js';
import { shrinkage } from '../../in-memory/array/resizing.js';
import { LunObject } from '../../in-memory/objects/lun.js';
import { PlexObject } from '../../in-memory/objects/plex.js';
import { answers, asks, overriding, reports } from '../answers.js';
import type { Defect } from '../defect.js';
import { ask, given, type MakeOverrides } from '../override.js';
import { MIB } from '../../../src/contract/sizes.js';

/** A plex never reports fewer extents than before. */
class ExtentsNeverShrink extends PlexObject {
  private most: ReturnType<PlexObject['queryExtents']> | undefined;

  protected override queryExtents(): ReturnType<PlexObject['queryExtents']> {
    const answer = super.queryExtents();
    const bytes = ({ out }: typeof answer): bigint =>
      (given(out?.extentArray) ?? []).reduce((sum, e) => sum + e.size, 0n);
    if (this.most === undefined || bytes(this.most) <= bytes(answer)) this.most = answer;
    return this.most;
  }
}

/** A LUN that is shrunk reports less, and gives nothing back. */
class KeepsItsExtents extends LunObject {
  protected override shrink(bytes: bigint): ReturnType<LunObject['shrink']> {
    this.touch();
    shrinkage(this.reach('IVdsLun.Shrink').lun, bytes);
    return this.operation(VDS_ASYNC_OUTPUT_TYPE.VDS_ASYNCOUT_SHRINKLUN, () => {
      const { lun } = this.reach();
      lun.size -= shrinkage(lun, bytes);
      this.provider.learn(this.id);
    });
  }
}

/** A LUN that is shrunk loses its beginning. */
class ShrinksFromTheBeginning extends LunObject {
  protected override shrink(bytes: bigint): ReturnType<LunObject['shrink']> {
    this.touch();
    shrinkage(this.reach('IVdsLun.Shrink').lun, bytes);
    return this.operation(VDS_ASYNC_OUTPUT_TYPE.VDS_ASYNCOUT_SHRINKLUN, () => {
      const { lun } = this.reach();
      const turnRound = (): void => {
        for (const plex of lun.plexes.values()) plex.columns = plex.columns.map((column) => column.toReversed());
      };
      turnRound();
      shrinkLun(lun, shrinkage(lun, bytes));
      turnRound();
      this.provider.learn(this.id, ...lun.plexes.keys());
    });
  }
}

/** A LUN that is extended is made anew by the array, without its unmasking list. */
const losesItsMask: MakeOverrides = (inner) => {
  const extended = new Set<Guid>();
  return {
    methods: {
      'IVdsLun.Extend': async (call, next) => {
        const { out } = await ask(inner, call.object, 'IVdsLun.GetProperties', {});
        const reply = await next();
        const id = given(out.lunProp)?.id;
        if (reply.hr === HR.S_OK && id !== undefined) extended.add(id);
        return reply;
      },
      'IVdsLun.GetProperties': async (_call, next) => {
        const reply = await next();
        const prop = given(reply.out.lunProp);
        return prop !== undefined && extended.has(prop.id)
          ? { ...reply, out: { lunProp: { ...prop, unmaskingList: '*' } } }
          : reply;
      },
    },
  };
};

class PrefersOneDrive extends LunObject {
  protected override growth(...asked: Parameters<LunObject['growth']>): ReturnType<LunObject['growth']> {
    const [subSystem, lun, bytes, drives] = asked;
    return super.growth(subSystem, lun, bytes, drives?.slice(0, 1) ?? null);
  }
}

export const RESIZING: readonly Defect[] = [
  {
    name: 'extend-takes-other-drives-than-given',
    breaks: ['VDS-10.7b'],
    noticedBy: ['resizing.extend-onto-another-drive'],
    says: 'Extend chooses the drives itself where the caller gives some.',
    overrides: asks('IVdsLun.Extend', (args) =>
      args.driveIdArray === null ? args : { ...args, driveIdArray: null, numberOfDrives: 0 },
    ),
  },
  {
    name: 'extend-prefers-one-drive',
    breaks: ['VDS-10.7b'],
    noticedBy: ['resizing.extend-beyond-the-first-drive'],
    says: 'Extend looks at the first drive that it is given, and takes what that lacks of where it likes.',
    parts: { Lun: PrefersOneDrive },
  },
  {
    name: 'shrink-takes-the-beginning',
    breaks: ['VDS-10.7e'],
    noticedBy: ['resizing.shrink-from-the-end'],
    says: 'Shrink takes its bytes from the beginning of the LUN.',
    parts: { Lun: ShrinksFromTheBeginning },
  },
  {
    name: 'extend-does-not-look-at-the-drives',
    breaks: ['VDS-10.7d'],
    noticedBy: ['resizing.extend-lying-count'],
    says: 'Extend takes whatever drives it likes, also when the caller names some.',
    overrides: asks('IVdsLun.Extend', (args) => ({ ...args, driveIdArray: null, numberOfDrives: 0 })),
  },
  {
    name: 'extend-lying-drive-count-accepted',
    breaks: ['VDS-10.7d'],
    noticedBy: ['resizing.extend-lying-count'],
    says: 'Extend takes a NULL drive array whatever its count.',
    overrides: asks('IVdsLun.Extend', (args) => (args.driveIdArray === null ? { ...args, numberOfDrives: 0 } : args)),
  },
  {
    name: 'extend-unknown-drive-e-fail',
    breaks: ['VDS-0.2c'],
    strict: true,
    noticedBy: ['resizing.extend-unknown-drive'],
    says: 'Extend answers E_FAIL for a drive that does not exist.',
    overrides: answers('IVdsLun.Extend', [HR.VDS_E_OBJECT_NOT_FOUND], HR.E_FAIL),
  },
  {
    name: 'second-extend-adds-too-little',
    breaks: ['VDS-10.2d'],
    strict: true,
    noticedBy: ['resizing.extend-twice'],
    says: 'The second Extend of a LUN adds a single unit, whatever it is asked for.',
    overrides: overriding('IVdsLun.Extend', () => {
      const extended = new Set<Handle>();
      return async (call, next) => {
        const reply = await next(
          extended.has(call.object) ? { args: { ...call.args, numberOfBytesToAdd: MIB } } : undefined,
        );
        if (reply.hr === HR.S_OK) extended.add(call.object);
        return reply;
      };
    }),
  },
  {
    name: 'extend-loses-the-mask',
    breaks: ['VDS-10.7a'],
    noticedBy: ['resizing.extend-keeps-the-neighbour'],
    says: 'A LUN that was extended is unmasked to everybody.',
    overrides: losesItsMask,
  },
  {
    name: 'largest-extension-overstated',
    breaks: ['VDS-10.5d'],
    noticedBy: ['resizing.largest-extension'],
    says: 'QueryMaxLunExtendSize reports a gigabyte more than Extend can add.',
    overrides: reports('IVdsLun.QueryMaxLunExtendSize', () => (out) => ({
      maxBytesToBeAdded: out.maxBytesToBeAdded + 1024n * MIB,
    })),
  },
  {
    name: 'shrink-by-half-of-what-was-asked',
    breaks: ['VDS-10.2g'],
    strict: true,
    noticedBy: ['resizing.shrink'],
    says: 'Shrink takes half of the bytes that it is asked to take, and answers S_OK.',
    overrides: asks('IVdsLun.Shrink', (args) => ({ numberOfBytesToRemove: args.numberOfBytesToRemove / 2n })),
  },
  {
    name: 'shrink-too-far-goes-as-far-as-it-can',
    breaks: ['VDS-10.7f'],
    noticedBy: ['resizing.shrink-too-far'],
    says: 'Shrink by more than the LUN has takes what it can, and answers S_OK.',
    overrides: overriding('IVdsLun.Shrink', () => async (_call, next) => {
      const reply = await next();
      return reply.hr === HR.E_INVALIDARG ? next({ args: { numberOfBytesToRemove: MIB } }) : reply;
    }),
  },
  {
    name: 'shrink-does-not-free',
    breaks: ['VDS-10.7g'],
    noticedBy: ['resizing.shrink-frees'],
    says: 'The extents of a plex stay as they were when the LUN is shrunk.',
    parts: { Plex: ExtentsNeverShrink },
  },
  {
    name: 'shrunk-lun-keeps-its-extents',
    breaks: ['VDS-10.7g'],
    noticedBy: ['interactions.luns'],
    says: 'A LUN that is shrunk reports less, and what its plexes have of drives stays theirs.',
    parts: { Lun: KeepsItsExtents },
  },
];
