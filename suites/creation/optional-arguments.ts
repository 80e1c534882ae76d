// What is made with some arguments left out, in each combination with the others: what is given is kept, whatever else
// is not given. Which arguments may be NULL is the contract's to say, and which strings may be empty the pages'.
import {
  bytesOfLun,
  type Check,
  type Context,
  drivesOf,
  emptyDrives,
  extentsOf,
  type IVdsAsync,
  type IVdsSubSystem,
  judgeIscsiName,
  judgeSize,
  type MakeableKind,
  modestHints,
  reportedMember,
  type Result,
  unmasked,
  type VdsObject,
} from '../../src/checks/index.js';
import {
  allMethods,
  type Guid,
  isBeginningOf,
  type Method,
  succeeded,
  VDS_LUN_TYPE,
  zeroStructure,
} from '../../src/contract/index.js';
import { roomyPool } from '../pools/queries.js';
import { canMask, initiators } from '../shared/initiators.js';

/** A new object, and the subsystem that it is in. */
interface Made {
  readonly object: VdsObject;
  readonly id: Guid;
  readonly subSystem: IVdsSubSystem;
}

interface Argument {
  /** What is given; undefined where nothing can be. */
  readonly given: (ctx: Context, subSystem: IVdsSubSystem) => Promise<unknown>;
  /** The page says that the string may be empty. */
  readonly mayBeEmpty?: true;
  /** The requirements of what the new object shows of it, and judging them. */
  readonly requirements?: readonly string[];
  readonly kept?: (ctx: Context, made: Made, given: unknown, when: string) => Promise<void>;
}

/** By the names of parameters, which mean the same in each method. */
const ARGUMENTS: Readonly<Record<string, Argument>> = {
  type: { given: async () => VDS_LUN_TYPE.VDS_LT_SIMPLE },
  sizeInBytes: {
    given: (ctx, subSystem) => ctx.make.lunSize(subSystem),
    requirements: ['VDS-10.2c', 'VDS-10.2d', 'VDS-10.2g'],
    async kept(ctx, { object }, asked) {
      const actual = (await reportedMember(ctx, object, 'size', 'VDS-10.2c')) as bigint;
      judgeSize(ctx, 'VDS-10.2c', { actual, asked: asked as bigint });
    },
  },
  storagePoolId: {
    given: async (ctx, subSystem) => (await roomyPool(ctx, await ctx.make.lunSize(subSystem))).prop.id,
  },
  driveIdArray: {
    async given(ctx, subSystem) {
      const drive = (await emptyDrives(ctx, subSystem, 0)).at(0);
      return drive === undefined ? undefined : [drive.prop.id];
    },
    requirements: ['VDS-10.2b'],
    async kept(ctx, { id, subSystem }, given, when) {
      if (given === null) return;
      const [chosen] = given as readonly Guid[];
      for (const { drive, prop } of await drivesOf(ctx, subSystem)) {
        const bytes = bytesOfLun(await extentsOf(ctx, drive), id);
        ctx.duties.holds(
          'VDS-10.2b',
          bytes === 0n || prop.id === chosen,
          `a LUN that was directed to another drive has ${bytes} bytes of the drive ${prop.id} ${when}`,
        );
      }
    },
  },
  unmaskingList: {
    given: async (ctx, subSystem) =>
      (await canMask(ctx, subSystem)) ? (await initiators(ctx, subSystem)).first : undefined,
    mayBeEmpty: true,
    requirements: ['VDS-10.9a'],
    async kept(ctx, { object, subSystem }, given, when) {
      if (!(await canMask(ctx, subSystem))) return;
      const told = (await reportedMember(ctx, object, 'unmaskingList', 'VDS-10.9a')) as string | null;
      ctx.duties.equal('VDS-10.9a', `the unmasking list ${when}`, unmasked(told), unmasked(given as string));
    },
  },
  hints: { given: async () => modestHints() },
  hints2: { given: async () => zeroStructure('VDS_HINTS2', modestHints()) },
  iscsiName: {
    given: async (ctx) => ctx.make.uniqueIscsiName(),
    mayBeEmpty: true,
    requirements: ['VDS-11.1', 'VDS-7.9b', 'VDS-7.9c'],
    async kept(ctx, { object }, given, when) {
      const told = (await reportedMember(ctx, object, 'iscsiName', 'VDS-11.1')) as string | null;
      judgeIscsiName(ctx, told);
      if (given !== null && given !== '')
        ctx.duties.equal('VDS-11.1', `the iSCSI name ${when}`, told?.toLowerCase(), String(given).toLowerCase());
    },
  },
  friendlyName: {
    given: async (ctx) => ctx.make.uniqueName(),
    requirements: ['VDS-10.13b'],
    async kept(ctx, { object }, given, when) {
      const told = String((await reportedMember(ctx, object, 'friendlyName', 'VDS-10.13b')) ?? '');
      const name = String(given);
      ctx.duties.holds(
        'VDS-10.13b',
        told === name || isBeginningOf(told, name),
        `the friendly name that was given as "${name}" is "${told}" ${when}`,
      );
    },
  },
};

function argumentOf(name: string): Argument {
  const found = ARGUMENTS[name];
  if (found === undefined) throw new RangeError(`nothing is known of the argument ${name}`);
  return found;
}

/** What stands for nothing in an argument. */
const nothings = (name: string, nullable: boolean): readonly unknown[] => [
  ...(nullable ? [null] : []),
  ...(argumentOf(name).mayBeEmpty === true ? [''] : []),
];

/** Every combination of one of each. */
const combined = (choices: readonly (readonly unknown[])[]): readonly (readonly unknown[])[] =>
  choices.reduce<readonly (readonly unknown[])[]>(
    (all, values) => all.flatMap((some) => values.map((value) => [...some, value])),
    [[]],
  );

/** The parameters that are the caller's to give: a count goes with its array. */
function parametersOf({ ins }: Method): Method['ins'] {
  const counts = new Set(ins.flatMap(({ type }) => ('count' in type ? [type.count] : [])));
  return ins.filter(({ name }) => !counts.has(name));
}

/** `after CreateTarget with iscsiName NULL` */
function inWordsOf({ name }: Method, parameters: Method['ins'], values: readonly unknown[]): string {
  const left = parameters.flatMap(({ name }, i) =>
    values[i] === null ? [`${name} NULL`] : values[i] === '' ? [`${name} ""`] : [],
  );
  return `after ${name} with ${left.length === 0 ? 'every argument given' : left.join(' and ')}`;
}

async function goThrough(ctx: Context, method: Method, kind: MakeableKind): Promise<void> {
  const subSystem = await ctx.system.subSystem();
  const base = method.interfaceName.startsWith('IVdsHwProvider') ? ctx.system.unknown : subSystem;
  const maker = await ctx.system.optional(base, method.interfaceName as 'IVdsSubSystem');
  const parameters = parametersOf(method);
  const choices: unknown[][] = [];
  for (const { name, nullable } of parameters) {
    const given = await argumentOf(name).given(ctx, subSystem);
    choices.push([...(given === undefined ? [] : [given]), ...nothings(name, nullable)]);
  }
  let carriedOut = 0;
  for (const values of combined(choices)) {
    const when = inWordsOf(method, parameters, values);
    const args: Record<string, unknown> = {};
    for (const [i, { name }] of parameters.entries())
      // No two objects have one name.
      args[name] = name.endsWith('Name') && values[i] ? await argumentOf(name).given(ctx, subSystem) : values[i];
    const result = (await maker.call(method.fullName, await ctx.make.keptToScope(method, args))) as Started;
    // What a provider does not take it need not keep.
    if (!ctx.duties.permitted('VDS-0.2a', result, when) || !succeeded(result.hr)) continue;
    const object = await ctx.duties.made(result, kind);
    const id = (await reportedMember(ctx, object, 'id', 'VDS-4.1a')) as Guid;
    ctx.make.deleteOnCleanUp(id, kind, undefined, object);
    for (const { name } of parameters) await argumentOf(name).kept?.(ctx, { object, id, subSystem }, args[name], when);
    carriedOut += 1;
    await ctx.cleanUpSoFar();
  }
  if (carriedOut === 0) ctx.notApplicable(`the provider carries out no ${method.name}`);
}
type Started = Result<{ readonly async: IVdsAsync | null }>;

/** `CreateLun2` as `create-lun2` */
const inKebabCase = (name: string): string => name.replace(/(?<=.)(?=[A-Z])/g, '-').toLowerCase();

/** The methods that make something of what they are given, and the kinds that they make. */
const MAKERS = allMethods.flatMap((method): { readonly method: Method; readonly kind: MakeableKind }[] =>
  method.name.startsWith('Create') && method.ins.length > 0
    ? [{ method, kind: method.name.startsWith('CreateTarget') ? 'target' : 'lun' }]
    : [],
);

export const optionalArguments: readonly Check[] = MAKERS.map(({ method, kind }) => ({
  id: `creation.optional-arguments.${inKebabCase(method.name)}`,
  title: `What ${method.name} is given is kept, whichever of the other arguments are left out`,
  requirements: [...new Set(parametersOf(method).flatMap(({ name }) => argumentOf(name).requirements ?? []))],
  cost: { calls: 200, recoveries: 0 },
  run: (ctx) => goThrough(ctx, method, kind),
}));
