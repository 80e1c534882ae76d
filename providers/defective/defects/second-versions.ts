// Defects of interfaces that report or set more than an older one does: IVdsHwProviderType2, IVdsLun2, IVdsDrive2, and
// of LUNs with numbers.
import { VDS_HWPROVIDER_TYPE } from '../../../src/contract/generated/enumerations.js';
import { PoolLun } from '../../in-memory/profiles/pools.js';
import { asks, reports } from '../answers.js';
import type { Defect } from '../defect.js';

const profile = 'pools';

/** ApplyHints2 is a method of its own, which forgets the plexes. */
class HintsItselfAlone extends PoolLun {
  constructor(...args: ConstructorParameters<typeof PoolLun>) {
    super(...args);
    this.implement({
      IVdsLun2: {
        QueryHints2: () => this.queryHints2(),
        ApplyHints2: ({ hints2 }) => {
          const plexes = [...this.reach().lun.plexes.values()].map((plex) => ({ plex, hints: plex.hints }));
          const answer = this.applyHints(hints2);
          for (const { plex, hints } of plexes) plex.hints = hints;
          this.provider.learn(this.id, ...plexes.map(({ plex }) => plex.id));
          return answer;
        },
      },
    });
  }
}

export const SECOND_VERSIONS: readonly Defect[] = [
  {
    name: 'hints2-forget-the-plexes',
    profile,
    breaks: ['VDS-10.12a'],
    noticedBy: ['plexes.hints-of-the-lun-2'],
    says: 'ApplyHints2 reaches the LUN and none of its plexes.',
    parts: { Lun: HintsItselfAlone },
  },
  {
    name: 'drives-turned-round-by-version-2',
    profile,
    breaks: ['VDS-10.2b'],
    noticedBy: ['creation.drives-in-order-2'],
    says: 'CreateLun2 takes the drives that it is given from the last to the first.',
    overrides: asks('IVdsSubSystem2.CreateLun2', (args) => ({
      ...args,
      driveIdArray: args.driveIdArray?.slice(0, args.numberOfDrives).reverse() ?? null,
    })),
  },
  {
    name: 'another-type-each-time',
    profile,
    breaks: ['VDS-3.3b'],
    noticedBy: ['properties.provider-type-2', 'interactions.provider-objects'],
    says: 'GetProviderType2 answers another type of provider each time.',
    overrides: reports('IVdsHwProviderType2.GetProviderType2', () => {
      let calls = 0;
      return () => ({ type: calls++ % 2 === 0 ? VDS_HWPROVIDER_TYPE.VDS_HWT_ISCSI : VDS_HWPROVIDER_TYPE.VDS_HWT_SAS });
    }),
  },
  {
    name: 'hints2-without-their-bit',
    profile,
    breaks: ['VDS-10.12a'],
    noticedBy: ['luns.hints2'],
    says: 'ApplyHints2 takes hints whose mask bit is not set.',
    overrides: asks('IVdsLun2.ApplyHints2', (args) =>
      args.hints2 === null ? args : { hints2: { ...args.hints2, hintMask: args.hints2.hintMask | 0x7n } },
    ),
  },
  {
    name: 'hints2-of-their-own',
    profile,
    breaks: ['VDS-10.34'],
    noticedBy: ['luns.hints2', 'consistency.both-hints'],
    says: 'QueryHints2 reports a rebuild priority that QueryHints does not.',
    overrides: reports('IVdsLun2.QueryHints2', () => ({ hints2 }) => ({
      hints2: { ...hints2, rebuildPriority: hints2.rebuildPriority + 1 },
    })),
  },
  {
    name: 'one-number-for-all-luns',
    profile,
    breaks: ['VDS-4.6'],
    noticedBy: ['luns.number'],
    says: 'GetLunNumber answers the same number for each LUN.',
    overrides: reports('IVdsLunNumber.GetLunNumber', () => () => ({ lunNumber: 7 })),
  },
  {
    name: 'another-name-by-properties-2',
    profile,
    breaks: ['VDS-4.1a'],
    noticedBy: ['drives.properties-agree', 'consistency.both-properties'],
    says: 'GetProperties2 of a drive reports another name than GetProperties does.',
    overrides: reports('IVdsDrive2.GetProperties2', () => ({ driveProp2 }) => ({
      driveProp2: { ...driveProp2, friendlyName: `${driveProp2.friendlyName} (2)` },
    })),
  },
];
