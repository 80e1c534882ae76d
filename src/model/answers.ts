// Which answers a state permits. A code that states a condition (an id that does not exist, an object that is gone,
// LUNs that are associated) is false where the state does not have the condition, and then breaks the requirement of
// the code; any other failure is the provider's to choose.
import { parseGuid, type Guid } from '../contract/guid.js';
import { HR } from '../contract/hresult.js';
import { OBJECT_STATUS } from '../contract/generated/enumerations.js';
import { allMethods } from '../contract/tables.js';
import { OF_THE_LAB } from '../contract/want-of-room.js';
import type { Command, Outcome, Request } from './command.js';
import { idsIn, type Item, type SystemState } from './state.js';

export interface Objection {
  readonly requirement: string;
  /** The problem, to follow "answered <code>". */
  readonly problem: string;
  /** The code that was expected, where it is one. */
  readonly expected?: number;
}

/** The circumstances of a call, beyond the state. */
export interface Circumstances {
  /** Another call or operation was not yet answered. */
  readonly overlapped: boolean;
  /** The cache is damaged, or a fault lasts. */
  readonly faulted: boolean;
  /** A subsystem is disconnected, whose objects the provider may take for gone. */
  readonly away?: boolean;
  /** The array was changed behind the provider's back, so that it may know more or less than the caller. */
  readonly stale?: boolean;
  /** Something has failed: what is tied to it may change its status, or be rebuilt elsewhere, at any time. */
  readonly degraded?: boolean;
  /** The array did not answer, so that what was cancelled then could still be stopped. */
  readonly unanswered?: boolean;
}

/** Parameters that take an id. */
const TAKING_IDS: ReadonlySet<string> = new Set(
  allMethods.flatMap(({ ins }) => ins.flatMap(({ name, type }) => (type.kind === 'guid' ? [name] : []))),
);

/** Every id among the arguments. */
export const idsOfRequest = ({ args }: Pick<Request, 'args'>): readonly Guid[] => idsOf(args);
const idsOf = (args: Request['args']): readonly Guid[] =>
  Object.entries(args).flatMap(([name, value]) => (TAKING_IDS.has(name) ? [value as Guid] : idsIn(value)));

const associatedLuns = (state: SystemState, target: Guid): boolean =>
  idsIn(state.member(target, 'associatedLuns')).length > 0 ||
  state.ofKind('IVdsLun').some((l) => idsIn(l.members['associatedTargets']).includes(target));

/** The only argument is a name, or an id in text, that no target of the subsystem has as it is written. */
const namesNoTarget = (state: SystemState, item: Item, { iscsiName: named, ...others }: Request['args']): boolean =>
  typeof named === 'string' &&
  Object.keys(others).length === 0 &&
  state
    .ofKind('IVdsIscsiTarget', state.subSystemOf(item.id) ?? item.id)
    .every((t) => t.members['iscsiName'] !== named && t.id !== parseGuid(named));

/** Whether an object has this friendly name, perhaps shortened: whether two may have one is open. */
const isFriendlyNameOf = (state: SystemState, name: unknown): boolean =>
  [...state.items.values()].some(({ members: { friendlyName } }) => {
    return typeof friendlyName === 'string' && friendlyName !== '' && String(name).startsWith(friendlyName);
  });

/** A condition that a code states: whether the state has it, and the requirement of the code. */
interface Condition {
  readonly requirement: string;
  readonly problem: string;
  readonly holds: (state: SystemState, item: Item, request: Request, around: Circumstances) => boolean;
}

const CONDITIONS: ReadonlyMap<number, Condition> = new Map<number, Condition>([
  [
    HR.VDS_E_OBJECT_DELETED,
    {
      requirement: 'VDS-7.1a',
      problem: 'although the object is there',
      holds: (state, item, request, { overlapped, away, stale }) =>
        overlapped ||
        away === true ||
        stale === true ||
        state.get(item.id) === undefined ||
        idsOf(request.args).some((id) => state.get(id) === undefined),
    },
  ],
  [
    HR.VDS_E_OBJECT_NOT_FOUND,
    {
      requirement: 'VDS-7.2b',
      problem: 'although every id that was given is that of an object which is there',
      holds: (state, item, { args }, { overlapped, away, stale }) =>
        overlapped ||
        away === true ||
        stale === true ||
        idsOf(args).some((id) => state.get(id) === undefined) ||
        namesNoTarget(state, item, args),
    },
  ],
  [
    HR.VDS_E_ASSOCIATED_LUNS_EXIST,
    {
      requirement: 'VDS-11.2b',
      problem: 'although no LUN is associated with the target',
      holds: (state, item) => associatedLuns(state, item.id),
    },
  ],
  [
    HR.VDS_E_ASSOCIATED_PORTALS_EXIST,
    {
      requirement: 'VDS-11.2c',
      problem: 'although no portal is in the group',
      holds: (state, item) =>
        [item, ...state.ofKind('IVdsIscsiPortalGroup', item.id)].some(
          (g) => idsIn(state.member(g.id, 'associatedPortals')).length > 0,
        ),
    },
  ],
  [
    HR.VDS_E_NAME_NOT_UNIQUE,
    {
      requirement: 'VDS-11.1',
      problem: 'although nothing has the name',
      holds: (state, _item, { args }, { overlapped, stale }) =>
        overlapped ||
        stale === true ||
        (args['iscsiName'] === undefined
          ? isFriendlyNameOf(state, args['friendlyName'])
          : state
              .ofKind('IVdsIscsiTarget')
              .some((t) => String(t.members['iscsiName']).toLowerCase() === String(args['iscsiName']).toLowerCase())),
    },
  ],
  [
    HR.VDS_E_NO_IMPORT_TARGET,
    { requirement: 'VDS-1.6c', problem: 'which only GetImportTarget answers', holds: () => false },
  ],
  [
    HR.VDS_E_OBJECT_STATUS_FAILED,
    {
      requirement: 'VDS-7.3',
      problem: 'although nothing concerned has failed or is offline',
      holds: (state, item, request, { faulted, degraded }) =>
        faulted ||
        degraded === true ||
        [...state.items.values()].some(
          (i) =>
            i.members['status'] !== undefined &&
            i.members['status'] !== OBJECT_STATUS.STATUS_ONLINE &&
            state.subSystemOf(i.id) === state.subSystemOf(item.id),
        ) ||
        Object.values(request.args).some((value) => idsIn(value).length > 1),
    },
  ],
  [
    HR.VDS_E_ANOTHER_CALL_IN_PROGRESS,
    {
      requirement: 'VDS-7.4',
      problem: 'although no other call is under way',
      holds: (_state, _item, _request, { overlapped, faulted }) => overlapped || faulted,
    },
  ],
  [
    HR.VDS_E_PROVIDER_CACHE_CORRUPT,
    {
      requirement: 'VDS-5.6',
      problem: 'although nothing damaged the cache, also after Reenumerate and Refresh',
      holds: (_state, _item, _request, { faulted }) => faulted,
    },
  ],
]);

/** An answer that denies what a flag promises, or blames arguments that the page allows. */
function denial({ promised, allowedBy }: Command, state: SystemState, item: Item, hr: number): Objection | undefined {
  const subSystem = state.get(state.subSystemOf(item.id) ?? '');
  const { flags, status } = subSystem?.members ?? {};
  if (status !== OBJECT_STATUS.STATUS_ONLINE || typeof flags !== 'number') return undefined;
  const isPromised = promised?.flag === undefined || (flags & promised.flag) !== 0;
  if (hr === HR.VDS_E_NOT_SUPPORTED && promised !== undefined && isPromised)
    return {
      requirement: promised.requirement,
      problem:
        `although ${promised.flag === undefined ? 'every' : 'the flags of the'} subsystem ` +
        `${promised.flag === undefined ? 'has to support it' : 'say that it is supported'}`,
    };
  if (hr === HR.E_INVALIDARG && promised?.otherwise !== undefined && !isPromised)
    return { requirement: promised.otherwise, problem: 'to a type of which the subsystem says that it has none' };
  return hr === HR.E_INVALIDARG && allowedBy !== undefined
    ? { requirement: allowedBy, problem: 'although its page allows every argument' }
    : undefined;
}

/** A refusal by another code than those that say that the provider cannot do it. */
function refusedOtherwise({ refusable }: Command, hr: number, around: Circumstances): Objection | undefined {
  const isOpen = refusable === undefined || refusable.codes.includes(hr) || OF_THE_LAB.has(hr);
  if (isOpen || hr === HR.VDS_E_NOT_SUPPORTED || !faultless(around) || around.overlapped) return undefined;
  return { requirement: refusable.requirement, problem: 'to what the method takes, or cannot do' };
}

/** Commands that take away what they name, so that they have nothing left to do where it is gone. */
export const takesAway = ({ name }: Command): boolean => /^(?:delete|remove)-/.test(name);

const faultless = ({ faulted, away, degraded, stale }: Circumstances): boolean =>
  !faulted && away !== true && degraded !== true && stale !== true;

/** The problem of an answer to a request in this state; undefined for a permitted answer. */
export function objection(
  command: Command,
  state: SystemState,
  item: Item,
  request: Request,
  outcome: Outcome,
  around: Circumstances,
): Objection | undefined {
  const { refusal } = command;
  if (refusal !== undefined) {
    if (outcome.done) return { requirement: refusal.requirement, problem: refusal.because };
    const stated =
      refusal.codes === undefined ||
      refusal.codes.includes(outcome.hr) ||
      // What it names was deleted since, which is another reason to refuse it.
      (!refusal.codes.includes(HR.VDS_E_OBJECT_NOT_FOUND) &&
        idsOf(request.args).some((id) => state.get(id) === undefined)) ||
      // What has failed, or is gone, may be said first.
      CONDITIONS.get(outcome.hr)?.holds(state, item, request, around) === true;
    if (!stated && !around.faulted && !around.overlapped)
      return { requirement: refusal.requirement, problem: refusal.because };
    if (stated && refusal.codes !== undefined) return undefined;
  }
  if (outcome.done) {
    const gone = idsOf(request.args).find((id) => state.get(id) === undefined);
    return takesAway(command) || !faultless(around) || gone === undefined
      ? undefined
      : { requirement: 'VDS-7.2', problem: `although ${gone} was no more`, expected: HR.VDS_E_OBJECT_NOT_FOUND };
  }
  if (faultless(around) && !around.overlapped) {
    const denied = denial(command, state, item, outcome.hr);
    if (denied !== undefined) return denied;
  }
  const condition = CONDITIONS.get(outcome.hr);
  if (condition === undefined) return refusedOtherwise(command, outcome.hr, around);
  if (condition.holds(state, item, request, around)) return undefined;
  return { requirement: condition.requirement, problem: condition.problem };
}

/** Codes that speak of the object or the provider, and not of the arguments. */
const OF_THE_STATE: ReadonlySet<number> = new Set([
  HR.VDS_E_OBJECT_DELETED,
  HR.VDS_E_OBJECT_STATUS_FAILED,
  HR.VDS_E_ANOTHER_CALL_IN_PROGRESS,
  HR.VDS_E_PROVIDER_CACHE_CORRUPT,
]);

/** The problem of an answer that states a condition which the object and the provider are not in. */
export function falseClaim(
  state: SystemState,
  item: Item,
  args: Request['args'],
  hr: number,
  around: Circumstances,
): Objection | undefined {
  // What the arguments name may be in the condition as well.
  if (!OF_THE_STATE.has(hr) || !faultless(around) || idsOf(args).length > 0) return undefined;
  const condition = CONDITIONS.get(hr);
  return condition === undefined || condition.holds(state, item, { args, how: '' }, around)
    ? undefined
    : { requirement: condition.requirement, problem: condition.problem };
}
