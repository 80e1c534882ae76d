// Lawful providers that a check once failed, each with that check.
import { expect, test } from 'vitest';
import type { ProfileName } from '../../../providers/in-memory/profiles/profile.js';
import type { Variant } from '../../../providers/lawful/variant.js';
import { variantsNamed } from '../../../providers/lawful/variants.js';
import { falseAlarms, runLawful } from './judge.js';

interface FormerAlarm {
  readonly variants: string;
  readonly check: string;
  /** Of which reference provider they are variants; of their own one unless given. */
  readonly profile?: ProfileName;
  /** The seed that shows it, where not every one does. */
  readonly seed?: string;
}

const inProfile = (profile: ProfileName): Variant => ({ name: profile, says: 'Is of another profile.', profile });

test.concurrent.each<FormerAlarm>([
  { variants: 'simple-targets-and-others', check: 'interactions.damaged' },
  { variants: 'simple-targets-and-others', check: 'import-target.imported-lun' },
  { variants: 'unmasking-is-reported-by-disks', check: 'interactions.overlapping.same' },
  { variants: 'lists-in-any-order', check: 'recovery.recreated.lun.*' },
  { variants: 'rounds-down', check: 'arguments.id.IVdsLun.Extend' },
  { variants: 'nothing-optional', check: 'interactions.damaged' },
  {
    variants: 'import-target-not-supported',
    check: 'deletion.gone-with-its-subsystem.IVdsSubSystemImportTarget.GetImportTarget.held',
  },
  { variants: 'notifies-later', check: 'interactions.away' },
  { variants: 'notifies-later', check: 'interactions.second-instance' },
  { variants: 'nothing-optional+smallest-lun-of-1-gib', check: 'stories.neighbours-vanish' },
  { variants: 'properties-without-names-now-and-then', check: 'identity.get-object.*' },
  { variants: 'properties-without-names-now-and-then', check: 'identity.created-objects' },
  { variants: 'properties-without-names-now-and-then', check: 'interactions.import-target.same' },
  { variants: 'properties-without-names-now-and-then', check: 'resizing.extend-keeps-the-neighbour', seed: 'i9' },
  { variants: 'new-luns-are-busy-for-a-while', check: 'deletion.after-recovery' },
  { variants: 'new-luns-are-busy-for-a-while', check: 'recovery.several-gone.luns.every-other' },
  { variants: 'names-of-luns-are-unique', check: 'interactions.alike', seed: 'i9' },
  { variants: 'makes-no-luns', check: 'interactions.luns' },
  { variants: 'one-portal-group', check: 'interactions.at-once.3', seed: 't3' },
  { variants: 'plexes-on-drives-of-their-own', check: 'plexes.add' },
  { variants: 'plexes-on-drives-of-their-own', check: 'async.type.AddPlex' },
  { variants: 'drives-say-whether-they-are-assigned', check: 'interactions.luns' },
  { variants: 'restripes-in-the-background', check: 'interactions.luns' },
  { variants: 'restripes-in-the-background', check: 'interactions.cancelled' },
  { variants: 'portals-go-with-their-controllers', check: 'interactions.equipment' },
  { variants: 'write-cache-needs-all-controllers', check: 'interactions.equipment' },
  { variants: 'luns-without-controllers-are-offline', check: 'interactions.equipment' },
  { variants: 'subsystem-without-a-portal-is-degraded', check: 'interactions.portal-groups' },
  { variants: 'drives-say-whether-they-are-assigned', check: 'interactions.import-target.same' },
  { variants: 'wants-hints-with-automagic-types', check: 'subsystem.largest-lun-of-each-type' },
  { variants: 'announces-what-its-page-lists', check: 'notifications.port-offline', profile: 'fibre-channel' },
  { variants: 'refuses-with-e-unexpected', check: 'pools.unknown-type', profile: 'pools' },
  { variants: 'null-ids-are-invalid+refuses-with-e-unexpected', check: 'identity.unknown-ids' },
  { variants: 'null-ids-are-invalid+refuses-with-e-unexpected', check: 'iscsi.unknown-portals' },
  { variants: 'hints-with-automagic-types-only', check: 'interactions.requests' },
  { variants: 'masks-nothing', check: 'interactions.requests' },
  { variants: 'masks-nothing', check: 'creation.optional-arguments.create-lun' },
  { variants: 'new-ids-when-loaded', check: 'recovery.away-and-back.loaded-meanwhile' },
  { variants: 'new-luns-in-slabs', check: 'interactions.luns' },
  { variants: 'extends-by-slabs', check: 'interactions.luns' },
  { variants: 'in-need-of-service', check: 'subsystem.offline-is-not-deleted' },
  { variants: 'in-need-of-service+removes-what-fails', check: 'interactions.drives' },
  { variants: 'keeps-drives-that-went-as-unknown', check: 'stories.equipment-goes' },
  { variants: 'in-need-of-service', check: 'faults.fail-status.subsystem' },
  { variants: 'failed-drives-stay-failed', check: 'arguments.drive.permitted-answers' },
  { variants: 'failed-controllers-are-failing', check: 'interactions.states.failed' },
  { variants: 'binds-whole-drives', check: 'resizing.extend-on-given-drive' },
  { variants: 'binds-whole-drives', check: 'resizing.extend-over-two-drives' },
  { variants: 'leaves-room-in-its-pieces', check: 'interactions.space' },
  { variants: 'leaves-room-in-its-pieces', check: 'resizing.*' },
  { variants: 'luns-go-over-to-another-controller', check: 'interactions.equipment' },
  { variants: 'announces-in-batches', check: 'interactions.states.taken-out', seed: 'c302' },
  { variants: 'restripes-in-the-background', check: 'interactions.overlapping', seed: 'c302' },
  { variants: 'announces-all-that-a-subsystem-holds', check: 'interactions.states.away' },
  {
    variants: 'rounds-to-gigabytes+luns-are-smaller-than-drives',
    check: 'interactions.states.taken-out',
    seed: 'st7',
  },
])(
  '$variants is not failed by $check',
  async ({ variants: names, check, profile, seed = 'test' }) => {
    const variants = [...(profile === undefined ? [] : [inProfile(profile)]), ...variantsNamed(names)];
    expect(falseAlarms(variants, await runLawful(variants, { checks: [check], seed }))).toEqual([]);
  },
  600_000,
);
