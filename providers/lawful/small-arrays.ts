// Lawful variants with less equipment than the reference, or with other habits about LUNs and drives: what an array
// need not have, no check may demand.
import { VDS_LUN_TYPE, VDS_SUB_SYSTEM_FLAG as SF } from '../../src/contract/generated/enumerations.js';
import { HR } from '../../src/contract/hresult.js';
import { AUTOMAGIC } from '../../src/contract/lun-types.js';
import type { MethodName } from '../../src/contract/tables.js';
import { asks, overriding, reports, together, lacks } from '../defective/answers.js';
import type { MakeOverrides } from '../defective/override.js';
import { StorageArray } from '../in-memory/array/array.js';
import { SubSystemObject } from '../in-memory/objects/subsystem.js';
import { EnclosedDrive } from './enclosed-drive.js';
import type { Variant } from './variant.js';

export const notSupported = (...methods: readonly MethodName[]): MakeOverrides =>
  together(...methods.map((method) => lacks(method, HR.VDS_E_NOT_SUPPORTED)));

/** A subsystem with other flags. */
export const withFlags = (change: (flags: number) => number): MakeOverrides =>
  together(
    reports('IVdsSubSystem.GetProperties', () => (out) => ({
      subSystemProp: { ...out.subSystemProp, flags: change(out.subSystemProp.flags) },
    })),
    reports('IVdsSubSystem2.GetProperties2', () => (out) => ({
      subSystemProp2: { ...out.subSystemProp2, flags: change(out.subSystemProp2.flags) },
    })),
  );
export const withoutFlags = (flags: number): MakeOverrides => withFlags((all) => all & ~flags);

const { VDS_LT_SPAN, VDS_LT_STRIPE, VDS_LT_MIRROR, VDS_LT_FAULT_TOLERANT } = VDS_LUN_TYPE;
const OF_SEVERAL_DRIVES: ReadonlySet<number> = new Set([
  VDS_LT_SPAN,
  VDS_LT_STRIPE,
  VDS_LT_MIRROR,
  VDS_LT_FAULT_TOLERANT,
]);
const severalDrives = ({ type }: { readonly type: number }): boolean => OF_SEVERAL_DRIVES.has(type);

const hintsAtConcrete = (type: number, hints: object | null): boolean => hints !== null && !AUTOMAGIC.has(type);

class OneController extends StorageArray {
  protected override build(): void {
    super.build();
    for (const { controllers } of this.subSystems.values())
      for (const id of [...controllers.keys()].slice(1)) this.remove(id);
  }
}

/** Every host sees every LUN. */
class ShowsAllToAll extends StorageArray {
  override addLun(...[subSystem, made]: Parameters<StorageArray['addLun']>): ReturnType<StorageArray['addLun']> {
    return super.addLun(subSystem, { ...made, unmaskingList: '*' });
  }
}

class ShowsNoDrives extends SubSystemObject {
  protected override queryDrives(): ReturnType<SubSystemObject['queryDrives']> {
    this.touch();
    return { hr: HR.S_OK, out: { enum: this.provider.enumerate([]) } };
  }
}

/** The truth as the array's own tool reports it, changed subsystem by subsystem. */
export const truthWith = (change: (subSystem: Record<string, unknown>) => Record<string, unknown>): MakeOverrides =>
  reports('IVdsConformanceControl.ReadTruth', () => ({ truth }) => {
    const told = JSON.parse(truth ?? '{}') as { subSystems: Record<string, unknown>[] };
    return { truth: JSON.stringify({ subSystems: told.subSystems.map(change) }) };
  });

/** The truth that an array tool gives of an array whose drives nobody sees. */
const truthWithoutDrives = truthWith((each) => ({ ...each, drives: undefined }));

const long = ({ friendlyName }: { readonly friendlyName: string | null }): boolean => (friendlyName ?? '').length > 64;

const notPlain = ({ friendlyName }: { readonly friendlyName: string | null }): boolean =>
  /[^\w .-]/.test(friendlyName ?? '');

/** Characters of a name that an array with short names keeps. */
const KEPT = 15;

/** SetFriendlyName keeps the beginning of a name, not ending within a character. */
const shortens = (method: Naming): MakeOverrides =>
  overriding(method, () => async ({ args }, next) => {
    const { friendlyName } = args;
    const kept = friendlyName?.slice(0, KEPT).replace(/[\uD800-\uDBFF]$/u, '') ?? null;
    if (kept === friendlyName) return next();
    const reply = await next({ args: { friendlyName: kept } });
    return reply.hr === HR.S_OK ? { ...reply, hr: HR.VDS_S_NAME_TRUNCATED } : reply;
  });
type Naming =
  'IVdsSubSystemNaming.SetFriendlyName' | 'IVdsLunNaming.SetFriendlyName' | 'IVdsIscsiTarget.SetFriendlyName';

const refusesNames = (when: typeof long): NonNullable<Variant['overrides']> =>
  together(
    lacks('IVdsSubSystemNaming.SetFriendlyName', HR.E_INVALIDARG, when),
    lacks('IVdsLunNaming.SetFriendlyName', HR.E_INVALIDARG, when),
    lacks('IVdsIscsiTarget.SetFriendlyName', HR.E_INVALIDARG, when),
  );

const THIS_COMPUTER = 'iqn.1991-05.com.microsoft:this-computer';
const unmasked = (list: string | null): string | null => (list === '*' ? THIS_COMPUTER : list);

export const SMALL_ARRAYS: readonly Variant[] = [
  {
    name: 'simple-luns-only',
    says: 'Makes LUNs on single drives and of single plexes only, as its flags say.',
    overrides: together(
      withoutFlags(
        SF.VDS_SF_LUN_PLEXING_CAPABLE |
          SF.VDS_SF_SUPPORTS_SPAN_LUNS |
          SF.VDS_SF_SUPPORTS_STRIPE_LUNS |
          SF.VDS_SF_SUPPORTS_MIRROR_LUNS |
          SF.VDS_SF_SUPPORTS_FAULT_TOLERANT_LUNS,
      ),
      lacks('IVdsSubSystem.CreateLun', HR.VDS_E_NOT_SUPPORTED, severalDrives),
      lacks('IVdsSubSystem2.CreateLun2', HR.VDS_E_NOT_SUPPORTED, severalDrives),
      lacks('IVdsSubSystem.QueryMaxLunCreateSize', HR.VDS_E_NOT_SUPPORTED, severalDrives),
      lacks('IVdsSubSystem2.QueryMaxLunCreateSize2', HR.VDS_E_NOT_SUPPORTED, severalDrives),
      notSupported('IVdsLun.AddPlex', 'IVdsLun.RemovePlex', 'IVdsLun.Recover'),
    ),
  },
  { name: 'one-controller', says: 'Each subsystem has a single controller.', parts: { StorageArray: OneController } },
  {
    name: 'shows-no-drives',
    says: 'Keeps its drives to itself: QueryDrives lists none, and GetDrive finds none.',
    parts: { SubSystem: ShowsNoDrives },
    overrides: together(
      truthWithoutDrives,
      lacks('IVdsSubSystem.GetDrive', HR.VDS_E_OBJECT_NOT_FOUND),
      lacks('IVdsSubSystem2.GetDrive2', HR.VDS_E_OBJECT_NOT_FOUND),
      notSupported('IVdsSubSystem.ReplaceDrive'),
    ),
  },
  {
    name: 'reports-enclosures',
    says: 'Its drives have IVdsDrive2, which reports their enclosure.',
    parts: { Drive: EnclosedDrive },
  },
  {
    name: 'no-hints',
    says: 'Hints are not supported.',
    overrides: notSupported(
      'IVdsLun.QueryHints',
      'IVdsLun.ApplyHints',
      'IVdsLunPlex.QueryHints',
      'IVdsLunPlex.ApplyHints',
    ),
  },
  {
    name: 'hints-required',
    says: 'QueryMaxLunCreateSize refuses NULL for the hints, as its page says and the IDL does not.',
    overrides: lacks('IVdsSubSystem.QueryMaxLunCreateSize', HR.E_INVALIDARG, ({ hints }) => hints === null),
  },
  {
    name: 'fixed-equipment',
    says: 'No status, flag, mask or controller can be set, and no drive replaced.',
    overrides: together(
      withoutFlags(SF.VDS_SF_LUN_MASKING_CAPABLE),
      notSupported(
        'IVdsSubSystem.SetStatus',
        'IVdsController.SetStatus',
        'IVdsDrive.SetStatus',
        'IVdsLun.SetStatus',
        'IVdsSubSystem.SetControllerStatus',
        'IVdsSubSystem.ReplaceDrive',
        'IVdsDrive.SetFlags',
        'IVdsDrive.ClearFlags',
        'IVdsLun.SetMask',
        'IVdsLun.AssociateControllers',
        'IVdsController.FlushCache',
        'IVdsController.InvalidateCache',
        'IVdsController.Reset',
      ),
    ),
  },
  {
    name: 'masks-nothing',
    says: 'Shows every LUN to all, as it cannot mask, and reports that: CreateLun passes over the list of its caller.',
    parts: { StorageArray: ShowsAllToAll },
    overrides: together(withoutFlags(SF.VDS_SF_LUN_MASKING_CAPABLE), notSupported('IVdsLun.SetMask')),
  },
  {
    name: 'hints-with-automagic-types-only',
    says: 'Does not support hints for a type that is not automagic, for which the pages have NULL.',
    overrides: together(
      lacks('IVdsSubSystem.CreateLun', HR.VDS_E_NOT_SUPPORTED, ({ type, hints }) => hintsAtConcrete(type, hints)),
      lacks('IVdsSubSystem2.CreateLun2', HR.VDS_E_NOT_SUPPORTED, ({ type, hints2 }) => hintsAtConcrete(type, hints2)),
    ),
  },
  {
    name: 'makes-and-deletes-only',
    says: 'Makes, masks and deletes LUNs and targets, and supports no method that it need not.',
    overrides: together(
      withoutFlags(SF.VDS_SF_SUPPORTS_AUTH_CHAP | SF.VDS_SF_SUPPORTS_AUTH_MUTUAL_CHAP),
      notSupported(
        'IVdsSubSystem.SetStatus',
        'IVdsSubSystem.ReplaceDrive',
        'IVdsSubSystemNaming.SetFriendlyName',
        'IVdsController.SetStatus',
        'IVdsDrive.SetStatus',
        'IVdsDrive.SetFlags',
        'IVdsDrive.ClearFlags',
        'IVdsLun.Extend',
        'IVdsLun.QueryMaxLunExtendSize',
        'IVdsLun.AssociateControllers',
        'IVdsLunNaming.SetFriendlyName',
        'IVdsIscsiTarget.SetFriendlyName',
        'IVdsIscsiTarget.SetSharedSecret',
        'IVdsIscsiTarget.RememberInitiatorSharedSecret',
      ),
    ),
  },
  {
    name: 'shortens-names',
    says: `SetFriendlyName keeps ${KEPT} characters of a name, and answers VDS_S_NAME_TRUNCATED for a longer one.`,
    overrides: together(
      shortens('IVdsSubSystemNaming.SetFriendlyName'),
      shortens('IVdsLunNaming.SetFriendlyName'),
      shortens('IVdsIscsiTarget.SetFriendlyName'),
    ),
  },
  {
    name: 'unmasks-to-this-computer',
    says: 'Grants the initiators of this computer where a LUN is unmasked to all, and reports them in place of "*".',
    overrides: together(
      asks('IVdsLun.SetMask', ({ unmaskingList }) => ({ unmaskingList: unmasked(unmaskingList) })),
      asks('IVdsSubSystem.CreateLun', (args) => ({ ...args, unmaskingList: unmasked(args.unmaskingList) })),
    ),
  },
  {
    name: 'refuses-long-names',
    says: 'SetFriendlyName refuses a name that it would have to shorten.',
    overrides: refusesNames(long),
  },
  {
    name: 'plain-names-only',
    says: 'SetFriendlyName refuses a name with other than ASCII letters and digits, "-", "_", "." and " ".',
    overrides: refusesNames(notPlain),
  },
  {
    name: 'limits-the-size-of-luns',
    says: 'Answers E_INVALIDARG for LUNs beyond 2^50 bytes, which is a limit of its own and no want of space.',
    overrides: lacks('IVdsSubSystem.CreateLun', HR.E_INVALIDARG, ({ sizeInBytes }) => sizeInBytes > 1n << 50n),
  },
];
