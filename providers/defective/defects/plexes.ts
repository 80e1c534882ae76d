// Defects of plexes: what they report, adding and removing them, their hints.
import { HINT_MASK_FLAGS, VDS_ASYNC_OUTPUT_TYPE, VDS_HEALTH } from '../../../src/contract/generated/enumerations.js';
import { NULL_GUID, type Guid } from '../../../src/contract/guid.js';
import { HR } from '../../../src/contract/hresult.js';
import type { VDS_HINTS } from '../../../src/contract/generated/structures.js';
import { StorageArray, type NewLun } from '../../in-memory/array/array.js';
import { NO_HINTS } from '../../in-memory/array/hints.js';
import type { ArrayLun, ArraySubSystem } from '../../in-memory/array/devices.js';
import { Failure } from '../../in-memory/failure.js';
import { LunObject } from '../../in-memory/objects/lun.js';
import { PlexObject } from '../../in-memory/objects/plex.js';
import { answers, reports, unavailable } from '../answers.js';
import type { Defect } from '../defect.js';
import { ask, given, interfaceOf, type MakeOverrides } from '../override.js';
import { finish } from './creation.js';
import { MIB } from '../../../src/contract/sizes.js';

class DegradedPlexes extends StorageArray {
  override addLun(subSystem: ArraySubSystem, request: NewLun): ArrayLun {
    const made = super.addLun(subSystem, request);
    for (const plex of made.plexes.values()) plex.health = VDS_HEALTH.VDS_H_DEGRADED;
    return made;
  }
}

class SimpleLunsHaveNone extends LunObject {
  protected override queryPlexes(): ReturnType<LunObject['queryPlexes']> {
    const { plexes } = this.read();
    return plexes.length > 1 ? super.queryPlexes() : { hr: HR.S_OK, out: { enum: this.provider.enumerate([]) } };
  }
}

/** The provider numbers plexes within their subsystem, and finds the LUN by the number. */
class LunOfAnother extends PlexObject {
  protected override getLun(): ReturnType<PlexObject['getLun']> {
    const { inventory } = this.provider;
    const { parent } = inventory.record('lun', this.read().parent);
    const [first] = inventory.record('subsystem', parent).luns;
    return { hr: HR.S_OK, out: { lun: inventory.device(first ?? this.read().parent) } };
  }
}

/** Sizes are read once, when a plex is first asked. */
class SizeReadOnce extends PlexObject {
  private size: string | undefined;

  protected override read(): ReturnType<PlexObject['read']> {
    const record = super.read();
    return { ...record, size: (this.size ??= record.size) };
  }
}

/** Before a larger LUN becomes a plex the target is made as large. */
const growsToTheSource: MakeOverrides = (inner) => ({
  methods: {
    'IVdsLun.AddPlex': async (call, next) => {
      const reply = await next();
      const operation = given(reply.out.async);
      if (operation !== undefined) {
        await ask(inner, operation, 'IVdsAsync.Wait', {});
        const grown = await ask(inner, call.object, 'IVdsLun.Extend', {
          numberOfBytesToAdd: 16n * MIB,
          driveIdArray: null,
          numberOfDrives: 0,
        });
        const extending = given(grown.out.async);
        if (extending !== undefined) await finish(inner, extending);
      }
      return reply;
    },
  },
});

/** A hint for one plex goes to its LUN, and so to all. */
const appliesToTheLun: MakeOverrides = (inner) => ({
  methods: {
    'IVdsLunPlex.ApplyHints': async (call, next) => {
      const lun = given((await ask(inner, call.object, 'IVdsLunPlex.GetLun', {})).out.lun);
      if (lun === undefined) return next();
      const reply = await ask(inner, lun, 'IVdsLun.ApplyHints', call.args);
      await inner.release(lun);
      return { hr: reply.hr, out: {} };
    },
  },
});

/** Of a mirror that is added only the first plex becomes one; the others are thrown away. */
const addsOneOfThem: MakeOverrides = (inner) => ({
  methods: {
    'IVdsLun.AddPlex': async (call, next) => {
      const lists = await ask(inner, call.object, 'IVdsLun.GetSubSystem', {});
      const subSystem = given(lists.out.subSystem);
      const source = subSystem === undefined ? undefined : await lunById(inner, subSystem, call.args.lunId);
      if (subSystem !== undefined) await inner.release(subSystem);
      if (source !== undefined) {
        const enumerator = given((await ask(inner, source, 'IVdsLun.QueryPlexes', {})).out.enum);
        const plexes =
          enumerator === undefined
            ? []
            : [...(given((await ask(inner, enumerator, 'IEnumVdsObject.Next', { celt: 8 })).out.objectArray) ?? [])];
        for (const [index, unknown] of plexes.entries()) {
          const plex = await interfaceOf(inner, unknown, 'IVdsLunPlex');
          const id =
            plex === null
              ? undefined
              : given((await ask(inner, plex, 'IVdsLunPlex.GetProperties', {})).out.plexProp)?.id;
          if (index > 0 && id !== undefined) {
            const removing = given((await ask(inner, source, 'IVdsLun.RemovePlex', { plexId: id })).out.async);
            if (removing !== undefined) await finish(inner, removing);
          }
          if (plex !== null) await inner.release(plex);
          await inner.release(unknown);
        }
        if (enumerator !== undefined) await inner.release(enumerator);
        await inner.release(source);
      }
      return next();
    },
  },
});

/** A LUN of a subsystem by its id. */
async function lunById(
  inner: Parameters<MakeOverrides>[0],
  subSystem: Parameters<typeof inner.release>[0],
  id: Guid,
): Promise<typeof subSystem | undefined> {
  const enumerator = given((await ask(inner, subSystem, 'IVdsSubSystem.QueryLuns', {})).out.enum);
  if (enumerator === undefined) return undefined;
  const luns = [...(given((await ask(inner, enumerator, 'IEnumVdsObject.Next', { celt: 64 })).out.objectArray) ?? [])];
  await inner.release(enumerator);
  let found: typeof subSystem | undefined;
  for (const unknown of luns) {
    const lun = await interfaceOf(inner, unknown, 'IVdsLun');
    await inner.release(unknown);
    if (lun === null) continue;
    if (given((await ask(inner, lun, 'IVdsLun.GetProperties', {})).out.lunProp)?.id === id) found = lun;
    else await inner.release(lun);
  }
  return found;
}

class TakesTheOnlyPlex extends LunObject {
  protected override removePlex(id: Guid): ReturnType<LunObject['removePlex']> {
    if (this.reach().lun.plexes.size > 1) return super.removePlex(id);
    return this.operation(VDS_ASYNC_OUTPUT_TYPE.VDS_ASYNCOUT_REMOVELUNPLEX, () => {});
  }
}

class RemovesNothing extends LunObject {
  protected override removePlex(id: Guid): ReturnType<LunObject['removePlex']> {
    if (this.reach().lun.plexes.size < 2) return super.removePlex(id);
    return this.operation(VDS_ASYNC_OUTPUT_TYPE.VDS_ASYNCOUT_REMOVELUNPLEX, () => {});
  }
}

class RecoversToOne extends LunObject {
  protected override recover(): ReturnType<LunObject['recover']> {
    const last = [...this.reach().lun.plexes.keys()].at(-1);
    if (this.reach().lun.plexes.size < 2 || last === undefined) return super.recover();
    super.removePlex(last);
    return super.recover();
  }
}

class NothingLeftToAdd extends LunObject {
  protected override operation(
    ...[type, commit, abandon]: Parameters<LunObject['operation']>
  ): ReturnType<LunObject['operation']> {
    if (type !== VDS_ASYNC_OUTPUT_TYPE.VDS_ASYNCOUT_ADDLUNPLEX) return super.operation(type, commit, abandon);
    const lenient = (): ReturnType<typeof commit> => {
      try {
        return commit();
      } catch (error) {
        if (!(error instanceof Failure) || error.hr !== HR.VDS_E_OBJECT_NOT_FOUND) throw error;
      }
    };
    return super.operation(type, lenient, abandon);
  }
}

class OnlyPlexSpeaksForTheLun extends PlexObject {
  protected override applyHints(hints: VDS_HINTS | null): ReturnType<PlexObject['applyHints']> {
    const answer = super.applyHints(hints);
    const { lun, plex } = this.reach();
    if (lun.plexes.size === 1) {
      lun.hints = plex.hints;
      this.provider.learn(lun.id);
    }
    return answer;
  }
}

/** A LUN that was made with hints refers to those of its plexes. */
class SharesHintsWithItsLun extends PlexObject {
  protected override applyHints(hints: VDS_HINTS | null): ReturnType<PlexObject['applyHints']> {
    const { lun, plex } = this.reach();
    const isShared = lun.hints === plex.hints && plex.hints !== NO_HINTS;
    const answer = super.applyHints(hints);
    if (isShared) lun.hints = plex.hints;
    this.provider.learn(lun.id);
    return answer;
  }
}

export const PLEXES: readonly Defect[] = [
  {
    name: 'hints-of-creation-shared',
    breaks: ['VDS-10.12a'],
    noticedBy: ['plexes.hints-of-each.mirror', 'plexes.hints-of-each.fault-tolerant'],
    says: 'Hints applied to a plex of a LUN that was made with hints are hints of the LUN as well.',
    parts: { Plex: SharesHintsWithItsLun },
  },
  {
    name: 'plex-health-of-no-plex',
    breaks: ['VDS-10.14'],
    noticedBy: ['plexes.health'],
    says: "A plex's health is DEGRADED, which only subsystems, controllers and pools have.",
    parts: { StorageArray: DegradedPlexes },
  },
  {
    name: 'simple-luns-have-no-plex',
    breaks: ['VDS-6.7b'],
    noticedBy: ['plexes.at-least-one', 'consistency.plex-of-each-lun'],
    says: 'QueryPlexes lists nothing for a LUN of a single plex.',
    parts: { Lun: SimpleLunsHaveNone },
  },
  {
    name: 'plex-hands-out-another-lun',
    breaks: ['VDS-4.4'],
    noticedBy: ['plexes.at-least-one'],
    says: 'GetLun of a plex hands out the first LUN of the subsystem.',
    parts: { Plex: LunOfAnother },
  },
  {
    name: 'plex-smaller-than-its-lun',
    breaks: ['VDS-10.8b'],
    noticedBy: ['plexes.size-after-extend'],
    says: 'The size of a plex leaves out a unit that the array keeps for itself.',
    overrides: reports('IVdsLunPlex.GetProperties', () => ({ plexProp }) => ({
      plexProp: { ...plexProp, size: plexProp.size - MIB },
    })),
  },
  {
    name: 'plex-size-read-once',
    breaks: ['VDS-10.8b'],
    noticedBy: ['plexes.size-after-extend'],
    says: 'A plex reports the size that it had when it was first asked.',
    parts: { Plex: SizeReadOnce },
  },
  {
    name: 'simple-plex-has-a-stripe-size',
    breaks: ['VDS-10.8b'],
    noticedBy: ['plexes.stripe-size'],
    says: 'Every plex reports a stripe size of 64 KB.',
    overrides: reports('IVdsLunPlex.GetProperties', () => ({ plexProp }) => ({
      plexProp: { ...plexProp, stripeSize: 65_536 },
    })),
  },
  {
    name: 'plex-extents-name-no-drive',
    breaks: ['VDS-10.15'],
    noticedBy: ['plexes.extents'],
    says: "In what QueryExtents of a plex lists the id is the plex's LUN, not the drive.",
    overrides: reports('IVdsLunPlex.QueryExtents', () => (out) => ({
      ...out,
      extentArray: (out.extentArray ?? []).map((e) => ({ ...e, id: e.lunId })),
    })),
  },
  {
    name: 'plex-extents-are-reported-as-free',
    breaks: ['VDS-10.15'],
    noticedBy: ['plexes.extents'],
    says: 'The extents of a plex have bUsed FALSE and no LUN.',
    overrides: reports('IVdsLunPlex.QueryExtents', () => (out) => ({
      ...out,
      extentArray: (out.extentArray ?? []).map((e) => ({ ...e, used: false, lunId: NULL_GUID })),
    })),
  },
  {
    name: 'plex-extents-reported-twice',
    breaks: ['VDS-10.15'],
    noticedBy: ['drives.extents-of-a-new-lun'],
    says: 'QueryExtents of a plex lists every extent twice.',
    overrides: reports('IVdsLunPlex.QueryExtents', () => ({ extentArray, numberOfExtents }) => ({
      extentArray: [...(extentArray ?? []), ...(extentArray ?? [])],
      numberOfExtents: numberOfExtents * 2,
    })),
  },
  {
    name: 'plex-reports-no-extents',
    breaks: ['VDS-10.15'],
    noticedBy: ['plexes.mirror'],
    says: 'QueryExtents of a plex answers S_OK and lists none.',
    overrides: reports('IVdsLunPlex.QueryExtents', () => () => ({ extentArray: null, numberOfExtents: 0 })),
  },
  {
    name: 'add-plex-grows-the-lun',
    breaks: ['VDS-10.8a'],
    noticedBy: ['plexes.add'],
    says: 'A LUN grows when a larger one is added to it as a plex.',
    overrides: growsToTheSource,
  },
  {
    name: 'add-plex-of-a-mirror-adds-one',
    breaks: ['VDS-10.8a'],
    noticedBy: ['plexes.add-mirror'],
    says: 'AddPlex of a mirror adds one of its plexes and drops the others.',
    overrides: addsOneOfThem,
  },
  {
    name: 'add-smaller-plex-e-invalidarg',
    breaks: ['VDS-10.8e'],
    noticedBy: ['plexes.add-smaller'],
    says: 'AddPlex of a smaller LUN answers E_INVALIDARG.',
    overrides: answers('IVdsLun.AddPlex', [HR.VDS_E_INVALID_OPERATION], HR.E_INVALIDARG),
  },
  {
    name: 'mirrors-are-always-healthy',
    breaks: ['VDS-10.14d'],
    strict: true,
    noticedBy: ['plexes.health-with-a-failed-plex'],
    says: 'A LUN that has not failed itself reports health HEALTHY, whatever becomes of its plexes.',
    overrides: reports('IVdsLun.GetProperties', () => ({ lunProp }) => ({
      lunProp: {
        ...lunProp,
        health: lunProp.health === VDS_HEALTH.VDS_H_FAILED ? lunProp.health : VDS_HEALTH.VDS_H_HEALTHY,
      },
    })),
  },
  {
    name: 'add-unknown-plex-e-invalidarg',
    breaks: ['VDS-7.2d'],
    strict: true,
    noticedBy: ['plexes.add-unknown'],
    says: 'AddPlex of a LUN that does not exist answers E_INVALIDARG.',
    overrides: answers('IVdsLun.AddPlex', [HR.VDS_E_OBJECT_NOT_FOUND], HR.E_INVALIDARG),
  },
  {
    name: 'removed-plex-not-found',
    breaks: ['VDS-7.1a'],
    noticedBy: ['luns.delete-takes-the-plexes'],
    says: 'A plex that is gone answers VDS_E_OBJECT_NOT_FOUND.',
    overrides: answers('IVdsLunPlex.GetProperties', [HR.VDS_E_OBJECT_DELETED], HR.VDS_E_OBJECT_NOT_FOUND),
  },
  {
    name: 'only-plex-taken',
    breaks: ['VDS-10.8f'],
    noticedBy: ['plexes.remove-last'],
    says: 'RemovePlex of the only plex answers S_OK and does nothing.',
    parts: { Lun: TakesTheOnlyPlex },
  },
  {
    name: 'removed-plex-keeps-its-extents',
    breaks: ['VDS-10.8g'],
    noticedBy: ['plexes.remove'],
    says: 'RemovePlex answers S_OK and leaves the plex where it is.',
    parts: { Lun: RemovesNothing },
  },
  {
    name: 'recover-drops-a-plex',
    breaks: ['VDS-10.8i'],
    noticedBy: ['plexes.recover-mirror'],
    says: 'Recover of a healthy mirror takes its last plex away.',
    parts: { Lun: RecoversToOne },
  },
  {
    name: 'remove-only-plex-e-fail',
    breaks: ['VDS-0.2c'],
    strict: true,
    noticedBy: ['plexes.remove-last'],
    says: 'RemovePlex of the only plex answers E_FAIL.',
    overrides: answers('IVdsLun.RemovePlex', [HR.VDS_E_INVALID_OPERATION], HR.E_FAIL),
  },
  {
    name: 'remove-unknown-plex-e-invalidarg',
    breaks: ['VDS-7.2c'],
    noticedBy: ['plexes.remove-unknown'],
    says: 'RemovePlex answers E_INVALIDARG for an id that no plex of the LUN has.',
    overrides: answers('IVdsLun.RemovePlex', [HR.VDS_E_OBJECT_NOT_FOUND], HR.E_INVALIDARG),
  },
  {
    name: 'recover-e-notimpl',
    breaks: ['VDS-10.8h', 'VDS-8.1b'],
    noticedBy: ['async.type.Recover', 'plexes.recover-simple'],
    says: 'Recover answers E_NOTIMPL.',
    overrides: unavailable('IVdsLun.Recover', HR.E_NOTIMPL),
  },
  {
    name: 'plex-reports-no-hints',
    breaks: ['VDS-10.12a'],
    noticedBy: ['plexes.hints-of-the-lun'],
    says: 'QueryHints of a plex reports no hints, even where its LUN has some.',
    overrides: reports('IVdsLunPlex.QueryHints', () => ({ hints }) => ({
      hints: { ...hints, hintMask: hints.hintMask & ~HINT_MASK_FLAGS.VDS_HINT_MOSTLYREADS },
    })),
  },
  {
    name: 'plex-hints-reach-all-plexes',
    breaks: ['VDS-10.12a'],
    noticedBy: ['plexes.hints-of-one'],
    says: 'ApplyHints of a plex reaches all plexes of its LUN.',
    overrides: appliesToTheLun,
  },
  {
    name: 'plex-hints-e-fail',
    breaks: ['VDS-10.12a'],
    noticedBy: ['plexes.hints-of-one'],
    says: 'ApplyHints of a plex answers E_FAIL.',
    overrides: unavailable('IVdsLunPlex.ApplyHints', HR.E_FAIL),
  },
  {
    name: 'plex-lacks-methods-e-notimpl',
    breaks: ['VDS-0.2c'],
    strict: true,
    noticedBy: ['arguments.plex.permitted-answers'],
    says: 'ApplyHints of a plex, which the provider lacks, answers E_NOTIMPL instead of VDS_E_NOT_SUPPORTED.',
    overrides: unavailable('IVdsLunPlex.ApplyHints', HR.E_NOTIMPL),
  },
  {
    name: 'removal-of-a-plex-under-changing-types',
    breaks: ['VDS-8.4b'],
    noticedBy: ['plexes.remove'],
    says: 'Wait of a finished RemovePlex reports another output type each time.',
    overrides: reports('IVdsAsync.Wait', () => {
      let calls = 0;
      return (out) =>
        out.asyncOut.type === VDS_ASYNC_OUTPUT_TYPE.VDS_ASYNCOUT_REMOVELUNPLEX && calls++ % 2 === 1
          ? { ...out, asyncOut: { ...out.asyncOut, type: VDS_ASYNC_OUTPUT_TYPE.VDS_ASYNCOUT_UNKNOWN } }
          : out;
    }),
  },
  {
    name: 'source-of-a-plex-deleted-meanwhile',
    breaks: ['VDS-7.2'],
    noticedBy: ['interactions.overlapping.same'],
    says: 'AddPlex whose LUN was deleted while it was under way ends with S_OK, and has added nothing.',
    parts: { Lun: NothingLeftToAdd },
  },
  {
    name: 'hints-of-the-only-plex-become-the-luns',
    breaks: ['VDS-10.12a'],
    noticedBy: ['interactions.space'],
    says: 'Hints that are applied to the only plex of a LUN become hints of the LUN as well.',
    parts: { Plex: OnlyPlexSpeaksForTheLun },
  },
];
