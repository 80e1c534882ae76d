// The parts of a tour: which commands follow which, on which objects, and what comes between.
import { CORRUPTION_FORMS, type CorruptionForm } from '../../faults/kinds.js';
import type { Failing } from './degraded.js';
import { commandNamed, QUIET_CELLS, requirementsOf, tour } from '../../model/index.js';
import type { Check } from '../check.js';
import type { Random } from '../random.js';
import { RELATIONS, type Relation, type Step } from './resolve.js';
import type { Scenery } from './stage.js';

export interface Tour {
  readonly commands: readonly string[];
  readonly scenery: readonly Scenery[];
  /** How the objects of two steps are related: one way throughout, or each pair in another. */
  readonly relation: Relation | 'mixed';
  /** Two steps follow each other, or the second begins while the first is under way. */
  readonly between?: Between;
  /** Each command once instead of each after each. */
  readonly once?: boolean;
  /**
   * So many steps that the seed chooses instead of each after each, for what is too much to take whole: three commands
   * in a row.
   */
  readonly sample?: number;
  /** With `degraded`: what fails. */
  readonly fails?: Failing;
  /**
   * With `overlap`: how many calls are under way at once; two unless given. With those that go in rows: how many share
   * a recovery; four unless given.
   */
  readonly width?: number;
  /**
   * One of several parts of the walk, counted from 1, each a check: what is too long to be looked through, or split
   * over shards, as a whole.
   */
  readonly part?: Part;
  /** Pairs that could not be played, as others had to come between, are tried once more at the end. */
  readonly thorough?: true;
  /** Now and then all the room that is reported is used, and given back. */
  readonly room?: true;
}

export interface Part {
  readonly number: number;
  readonly of: number;
}

/**
 * `overlap`: each pair, or as many as the tour's width, at once. `twice`: each beside another one of the same method,
 * with the same request and with another. `reload`: the provider is unloaded and loaded between.
 * `damage`: some steps with a damaged cache, which is then recovered; `damage beside`: not of what they are made on,
 * but of its parts and of what they name. `repair`: some steps, after which the entries of all that they were about are
 * damaged and recovered. `away`: some steps with a subsystem disconnected, which then comes back. `degraded`: some
 * steps on a LUN of which a part has failed. `cancel`: each step is cancelled where it can be, alone and beside another
 * one, and taken again. `recovery`: some steps lie between Reenumerate and Refresh. `over recovery`: some are under way
 * while they are called. `during`: the settings of its object are made while each is under way. `hang`: the array does
 * not answer while each is under way, and again while others are, which are cancelled then. `lost`: the subsystem is
 * disconnected while each is under way. `alike`: each is made on two objects with the same values, then on the first
 * with others.
 */
export type Between =
  | 'nothing'
  | 'overlap'
  | 'twice'
  | 'reload'
  | 'during'
  | 'alike'
  | 'damage'
  | 'damage beside'
  | 'repair'
  | 'away'
  | 'degraded'
  | 'trouble'
  | 'cancel'
  | 'recovery'
  | 'over recovery'
  | 'hang'
  | 'lost';

/** Requirements that any step of any tour may show broken: values of getters, and contradictions within a state. */
const FRAME = [
  'VDS-0.2b',
  'VDS-1.4a',
  'VDS-4.1a',
  'VDS-4.4',
  'VDS-7.1a',
  'VDS-7.2b',
  'VDS-7.4',
  'VDS-8.3b',
  'VDS-8.4a',
  'VDS-8.5a',
  'VDS-10.2c',
  'VDS-10.11',
  'VDS-10.15',
  'VDS-10.17',
] as const;

/** Those that changes of these commands may break, whatever is around them. */
export const requirementsOfChanges = (commands: readonly string[]): readonly string[] => [
  ...new Set([...requirementsOf(commands), ...FRAME]),
];

/** Those that probes may. */
export const OF_PROBES = [
  'VDS-0.2a',
  'VDS-0.2c',
  'VDS-0.2e',
  'VDS-3.5d',
  'VDS-6.1',
  'VDS-6.2a',
  'VDS-6.2b',
  'VDS-6.3',
  'VDS-6.4',
  'VDS-6.4b',
  'VDS-6.5b',
  'VDS-6.5c',
  'VDS-6.6a',
  'VDS-13.5',
] as const;

/** Those that one or two of the cells of probes judge: only a tour that deals all cells surely comes to them. */
export const OF_SINGLE_PROBES = ['VDS-3.5b', 'VDS-3.6', 'VDS-3.6c', 'VDS-4.5a'] as const;

/** Probes made while something fails judge only how a call is answered at all. */
const OF_PROBES_IN_TROUBLE = ['VDS-0.2a'] as const;

function probedBy(tour: Tour): readonly string[] {
  if (tour.between === 'trouble' || tour.between === 'degraded') return OF_PROBES_IN_TROUBLE;
  const probed = lengthOf(tour) * PROBES < QUIET_CELLS.length ? OF_PROBES : [...OF_PROBES, ...OF_SINGLE_PROBES];
  // While nothing answers, what has no meaning need not be refused as such.
  return tour.between === 'away' || tour.between === 'hang' ? probed.filter((id) => id !== 'VDS-0.2e') : probed;
}

const OF_DAMAGE = ['VDS-5.5a', 'VDS-5.5b', 'VDS-5.5d', 'VDS-5.6'] as const;

/** Those that only tours with something between their steps may. */
const BETWEEN: Readonly<Partial<Record<Between, readonly string[]>>> = {
  reload: ['VDS-1.8', 'VDS-2.5a', 'VDS-2.5b'],
  cancel: ['VDS-8.7a', 'VDS-8.7b', 'VDS-8.7c', 'VDS-10.5a'],
  damage: OF_DAMAGE,
  'damage beside': OF_DAMAGE,
  repair: ['VDS-5.5b', 'VDS-5.5d', 'VDS-5.6', 'VDS-6.5a'],
  degraded: ['VDS-10.8b'],
  trouble: ['VDS-6.7a', 'VDS-6.7b', 'VDS-6.7c', 'VDS-6.8'],
  hang: ['VDS-8.5b', 'VDS-8.6', 'VDS-8.7a', 'VDS-8.7b', 'VDS-10.5a', 'VDS-10.5d'],
  lost: ['VDS-10.5a', 'VDS-10.5d'],
};

/** Those about the notifications that some commands cause. */
const ANNOUNCED: Readonly<Record<string, RegExp>> = {
  'VDS-9.6a': /^create-(?:lun|mirror|stripe|span)/,
  'VDS-9.6e': /^delete-(?:associated-)?lun/,
  'VDS-9.6b': /^(?:extend|shrink|mask|name)-lun$|^name-subsystem$|-hot-spare$/,
};
/** Of calls that overlap, or something that has failed, it is not known which modification is announced. */
const announcedBy = ({ commands, between }: Tour): readonly string[] =>
  Object.keys(ANNOUNCED).filter(
    (id) =>
      commands.some((command) => ANNOUNCED[id]?.test(command)) &&
      !(id === 'VDS-9.6b' && (between === 'overlap' || between === 'twice' || between === 'degraded')),
  );

/** Those about where on drives the space of LUNs lies, by what must be among the commands. */
const LAID_OUT: Readonly<Record<string, readonly string[]>> = {
  'VDS-10.7e': ['extend-lun', 'shrink-lun'],
  'VDS-10.8d': ['create-mirror', 'extend-lun'],
  'VDS-10.21b': ['set-hot-spare', 'create-lun'],
  'VDS-10.26b': ['replace-drive'],
};
/** A call is looked at by itself only where nothing comes between. */
const laidOutBy = ({ commands, between = 'nothing' }: Tour): readonly string[] =>
  between === 'nothing' ? Object.keys(LAID_OUT).filter((id) => LAID_OUT[id]?.every((c) => commands.includes(c))) : [];

/** The same of what a page says to be possible. */
const grantedBy = ({ commands, between = 'nothing' }: Tour): readonly string[] =>
  between === 'nothing' ? commands.flatMap((name) => commandNamed(name).granted?.requirement ?? []) : [];

/** The requirements that a tour verifies. */
export const requirementsOfTour = (tour: Tour): readonly string[] => [
  ...new Set([
    ...requirementsOfChanges(tour.commands),
    ...announcedBy(tour),
    ...laidOutBy(tour),
    ...grantedBy(tour),
    ...probedBy(tour),
    ...(BETWEEN[tour.between ?? 'nothing'] ?? []),
  ]),
];

/** Some steps share a recovery. */
export const isInRows = (between: Between | undefined): between is InRows => IN_ROWS.includes(between as InRows);
const IN_ROWS = [
  'damage',
  'damage beside',
  'repair',
  'away',
  'degraded',
  'trouble',
  'recovery',
  'over recovery',
  'hang',
] as const satisfies readonly Between[];
export type InRows = (typeof IN_ROWS)[number];

/** Calls of a step with what is read after it. */
const CALLS = 120;

/** The steps of a tour, roughly. */
const lengthOf = ({ commands, once, sample, part }: Tour): number =>
  once === true ? commands.length : (sample ?? Math.ceil(commands.length ** 2 / (part?.of ?? 1)));

/** The calls and recoveries of a tour, roughly. */
export function costOfTour(tour: Tour): Check['cost'] {
  const { between = 'nothing', width } = tour;
  const steps = lengthOf(tour);
  const rows = isInRows(between) ? Math.ceil(steps / (width ?? ROW)) * (between === 'repair' ? 2 : 1) + AGAIN : 0;
  return {
    calls: steps * CALLS,
    recoveries: Math.ceil((RECOVERIES[between] ?? 0) * steps) + rows,
  };
}
/** The recoveries of each step on average, where some have one of their own. */
const RECOVERIES: Readonly<Partial<Record<Between, number>>> = { 'over recovery': 0.5, hang: 1, lost: 1 };
/** The recoveries after the last of them. */
const AGAIN = 1;

/** Those that a provider can notice; a stale entry would make old values lawful. */
export const FORMS = CORRUPTION_FORMS.slice(0, -1) as [CorruptionForm, ...CorruptionForm[]];
/** Between their steps entries are damaged. */
const DAMAGING: ReadonlySet<Between> = new Set<Between>(['damage', 'damage beside', 'repair']);
/** So many changes share a recovery. */
export const ROW = 4;

/** A permutation of 0 … n - 1. */
export function shuffled(n: number, random: Random): number[] {
  const order = Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = random.below(i + 1);
    [order[i], order[j]] = [order[j] ?? 0, order[i] ?? 0];
  }
  return order;
}

/** More than any command has arguments. */
const ARGUMENTS = 64;

/** So many probes are made after each step. */
const PROBES = 2;

/** More than a stage is set in. */
const SUB_SYSTEMS = 64;

/** A part of a walk; it begins where the one before ended, so that no pair falls between them. */
function partOf<T>(walk: readonly T[], { number, of }: Part): readonly T[] {
  const length = Math.ceil((walk.length - 1) / of);
  return walk.slice((number - 1) * length, number * length + 1);
}

/** The steps of a tour; the seed decides their order, and which arguments come when. */
export function stepsOf(
  { commands, relation, once, sample, between, width, part }: Tour,
  random: Random,
): readonly Step[] {
  const visits = new Map<string, number>();
  // All parts of a walk must be of the same, and what ends a failure comes last in its row.
  const isGiven = part !== undefined || between === 'degraded';
  const order = isGiven ? [...commands.keys()] : shuffled(commands.length, random);
  const from = random.below(ARGUMENTS);
  const chosen =
    sample === undefined
      ? tour(commands.length, order)
      : Array.from({ length: sample }, () => random.below(commands.length));
  const walk = once === true ? order : part === undefined ? chosen : partOf(chosen, part);
  // Each cell once before one comes again.
  const deck = shuffled(QUIET_CELLS.length, random);
  const start = random.below(SUB_SYSTEMS);
  const isFree = once === true && between !== 'cancel';
  const rowOf = (i: number): number => (isInRows(between) ? Math.floor(i / (width ?? ROW)) : i);
  return walk.map((at, i) => {
    const command = commands[at] ?? '';
    const n = visits.get(command) ?? (part === undefined ? 0 : from);
    visits.set(command, n + 1);
    return {
      command,
      n,
      probes: Array.from({ length: PROBES }, (_, k) => QUIET_CELLS[deck[(i * PROBES + k) % deck.length] ?? 0] ?? 0),
      // A command that comes once is not bound to the step before it: it has a subsystem and an object of its own.
      ...(isFree && { which: i }),
      ...(isFree && relation === 'same' && { subSystem: start + (between === 'away' ? i : rowOf(i)) }),
      ...(between !== undefined && { visibly: true as const }),
      ...(between !== undefined &&
        DAMAGING.has(between) && {
          form: FORMS[rowOf(i) % FORMS.length] ?? FORMS[0],
        }),
      relation: relation === 'mixed' ? (RELATIONS[(i + n) % RELATIONS.length] ?? 'same') : relation,
    };
  });
}
