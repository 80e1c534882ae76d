// The kinds of bad input that the contract's types allow, and the required answer to each: data for the checks that try
// them.
import { NULL_GUID } from '../../contract/guid.js';
import { HR } from '../../contract/hresult.js';
import { UNKNOWN_ID } from '../../contract/nobodys-ids.js';
import type { Method } from '../../contract/tables.js';
import { IMPOSSIBLE } from '../commands/sizes.js';
import { plausibleArguments, validArguments } from './plausible-arguments.js';

export interface BadInput {
  /** "9999 as status" */
  readonly what: string;
  readonly args: Readonly<Record<string, unknown>>;
  /** The required codes; absent where the method must only refuse with a permitted code. */
  readonly required?: { readonly requirement: string; readonly codes: readonly number[] };
  /** The requirement that a success breaks where the method must only refuse; VDS-0.2e unless given. */
  readonly refusedBy?: string;
  /** The codes with which it should be refused, where any other failure is permitted as well. */
  readonly best?: { readonly requirement: string; readonly codes: readonly number[] };
  /** Success is as good: the documents do not say that it is refused. */
  readonly mayTake?: true;
}

export interface BadInputKind {
  /** The middle of a check's id. */
  readonly name: string;
  /** Begins a title, before the method's name. */
  readonly title: string;
  /** An operation may begin, and then must fail: what it takes is seen at the array alone. */
  readonly mayFailLater?: true;
  /** A refused call must change nothing. */
  readonly changesNothing: boolean;
  of(method: Method): readonly BadInput[];
}

/** The lists that must name every controller or port, so that one unknown id is wrong in two ways (10.10). */
const namesThemAll = (method: Method): boolean => method.ins.filter((p) => p.type.kind === 'array').length > 1;

/**
 * The codes that refuse an id that names nothing; none where the page lists others only. That the object called does
 * not allow the operation at all may be seen first, but not for the plexes that it has.
 */
export function notFoundCodes({ name, codes }: Method): readonly number[] {
  // A page without a failure leaves it to the codes that are common to all.
  const listsNone = codes.every((code) => code === 'S_OK');
  if (!listsNone && !codes.includes('VDS_E_OBJECT_NOT_FOUND')) return [];
  const forbidden = codes.includes('VDS_E_INVALID_OPERATION') && name !== 'RemovePlex';
  return [HR.VDS_E_OBJECT_NOT_FOUND, ...(forbidden ? [HR.VDS_E_INVALID_OPERATION] : [])];
}

/**
 * The methods of whose own argument their page says VDS_E_OBJECT_NOT_FOUND, and by which requirement. The other pages
 * say that the code "can be returned from any method" that takes an id.
 */
const NOT_FOUND_BY: ReadonlyMap<string, string> = new Map([
  ['IVdsProviderPrivate.GetObject', 'VDS-3.5d'],
  ['IVdsLun.RemovePlex', 'VDS-7.2c'],
  ['IVdsLun.AssociateControllers', 'VDS-10.10c'],
  ['IVdsLunControllerPorts.AssociateControllerPorts', 'VDS-10.10c'],
  ['IVdsIscsiPortalGroup.AddPortal', 'VDS-11.4a'],
  ['IVdsIscsiPortalGroup.RemovePortal', 'VDS-11.4a'],
]);

/** How a method refuses an id that names nothing. */
export function refusesUnknownId(
  method: Method,
  others: readonly number[] = [],
): Pick<BadInput, 'required' | 'refusedBy' | 'best'> {
  const notFound = notFoundCodes(method);
  if (notFound.length === 0) return { refusedBy: 'VDS-7.2' };
  const codes = [...notFound, ...others];
  const requirement = NOT_FOUND_BY.get(method.fullName);
  return requirement === undefined
    ? { refusedBy: 'VDS-7.2', best: { requirement: 'VDS-7.2d', codes } }
    : { required: { requirement, codes } };
}

function ofIds(method: Method): BadInput[] {
  // GUID_NULL is not a valid id at all: E_INVALIDARG is right as well.
  const refusal = (id: string): Pick<BadInput, 'required' | 'refusedBy' | 'best'> =>
    refusesUnknownId(method, id === NULL_GUID || namesThemAll(method) ? [HR.E_INVALIDARG] : []);
  const bad: BadInput[] = [];
  for (const [what, id] of [
    ['an id that names nothing', UNKNOWN_ID],
    ['GUID_NULL', NULL_GUID],
  ] as const) {
    for (const p of method.ins) {
      if (p.type.kind === 'guid')
        bad.push({
          what: `${what} as ${p.vdsName}`,
          args: { ...validArguments(method), [p.name]: id },
          ...refusal(id),
        });
      if (p.type.kind === 'array' && p.type.of.kind === 'guid')
        bad.push({
          what: `${what} in ${p.vdsName}`,
          args: { ...validArguments(method), [p.name]: [id], [p.type.count]: 1 },
          ...refusal(id),
        });
    }
  }
  return bad;
}

function ofEnumerations(method: Method): BadInput[] {
  // Of the creating methods the pages say which code (7.5); a size or a list that suits no type must not be what is
  // refused. The id of a storage pool names none either: a provider may look at it first.
  const alsoNamesNothing = method.ins.some((p) => p.type.kind === 'guid') ? [HR.VDS_E_OBJECT_NOT_FOUND] : [];
  const required = ['CreateLun', 'CreateLun2', 'CreateLunInStoragePool'].includes(method.name)
    ? { required: { requirement: 'VDS-7.5b', codes: [HR.E_INVALIDARG, ...alsoNamesNothing] } }
    : {};
  return method.ins
    .filter((p) => p.type.kind === 'enum')
    .flatMap((p) =>
      [9999, 0x7fffffff].map((value): BadInput => ({
        what: `${value} as ${p.vdsName}`,
        args: { ...plausibleArguments(method), [p.name]: value },
        ...required,
        // S_FALSE of these says that nothing of the kind runs, and that nothing was done.
        ...(method.codes.includes('S_FALSE') ? { mayTake: true as const } : {}),
      })),
    );
}

function ofCounts(method: Method): BadInput[] {
  return method.ins.flatMap((p) => {
    if (p.type.kind !== 'array') return [];
    const { count } = p.type;
    return [
      ...[1, 3, -1].map((n): BadInput => ({
        what: `NULL as ${p.vdsName} with the count ${n}`,
        args: { ...validArguments(method), [p.name]: null, [count]: n },
      })),
      {
        what: `${p.vdsName} with the count -1`,
        args: { ...validArguments(method), [p.name]: p.type.of.kind === 'guid' ? [UNKNOWN_ID] : [], [count]: -1 },
      },
    ];
  });
}

const STRINGS: readonly (readonly [string, string | null])[] = [
  ['NULL', null],
  ['an empty string', ''],
  ['100,000 characters', 'x'.repeat(100_000)],
  ['control characters', 'a\u0001b\u001f\u007f\tc\n'],
  ['a lone surrogate', 'a\ud800b'],
  ['letters beyond ASCII', '\u00e9\u4e2d\u{1f600}'],
  ['a path', '..\\..\\x/../../y'],
  ['a format string', '%s%n%d%x{0}'],
];

function ofStrings(method: Method): BadInput[] {
  return method.ins
    .filter((p) => p.type.kind === 'wstr')
    .flatMap((p) =>
      STRINGS.map(([what, value]): BadInput => ({
        what: `${what} as ${p.vdsName}`,
        args: { ...plausibleArguments(method), [p.name]: value },
        mayTake: true,
      })),
    );
}

function ofPointers(method: Method): BadInput[] {
  return method.ins
    .filter((p) => p.type.kind === 'pointer' && !p.nullable)
    .map((p) => ({
      what: `NULL as ${p.vdsName}`,
      args: { ...plausibleArguments(method), [p.name]: null },
      // QueryIfCreatedLun may say that an empty id is not one of its LUNs.
      ...(method.codes.includes('S_FALSE') ? { mayTake: true as const } : {}),
    }));
}

/** The requirement that a method which takes a size beyond all limits breaks. */
const SIZE_REFUSED: Readonly<Record<string, string>> = { Extend: 'VDS-10.7h', Shrink: 'VDS-10.7f' };

function ofSizes(method: Method): BadInput[] {
  return method.ins
    .filter((p) => p.type.kind === 'u64' && p.name.includes('Bytes'))
    .flatMap((p) =>
      IMPOSSIBLE.map(({ bytes, how }): BadInput => ({
        what: `${how} as ${p.vdsName}`,
        args: { ...validArguments(method), [p.name]: bytes },
        refusedBy: SIZE_REFUSED[method.name] ?? 'VDS-10.2c',
      })),
    );
}

export const BAD_INPUT: readonly BadInputKind[] = [
  {
    name: 'enumeration',
    title: 'A value outside its enumeration is refused by',
    changesNothing: true,
    of: ofEnumerations,
  },
  { name: 'id', title: 'An id that names nothing is refused by', changesNothing: true, of: ofIds },
  { name: 'count', title: 'A count that does not suit its array is refused by', changesNothing: true, of: ofCounts },
  {
    name: 'pointer',
    title: 'NULL for a structure that is required is refused by',
    changesNothing: true,
    of: ofPointers,
  },
  {
    name: 'size',
    title: 'A size beyond what any array has is refused by',
    changesNothing: true,
    mayFailLater: true,
    of: ofSizes,
  },
  {
    name: 'string',
    title: 'Strings of every kind are taken or refused with a permitted code by',
    changesNothing: false,
    of: ofStrings,
  },
];
