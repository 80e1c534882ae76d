// The type of a consistency rule, and code that rules share.
import type { VDS_DRIVE_EXTENT } from '../contract/generated/structures.js';
import type { DeviceInterface } from '../contract/objects.js';
import { objectsOf, type Observation, type ObservedObject } from './observation.js';

/** The result of a rule for an observation. */
export interface Judgement {
  /** How many values it looked at; with none the rule did not apply. */
  readonly judged: number;
  /** The problem, in words. */
  readonly wrong: readonly string[];
}

export interface Rule {
  /** For the id of a check. */
  readonly name: string;
  /** The rule as a sentence. */
  readonly title: string;
  readonly requirement: string;
  judge(observation: Observation): Judgement;
}

/**
 * Judges each value that a rule looks at: undefined where there is nothing to judge, '' where it is right, else what is
 * wrong.
 */
export function each<T>(items: Iterable<T>, judge: (item: T) => string | undefined): Judgement {
  const told = [...items].map(judge).filter((text) => text !== undefined);
  return { judged: told.length, wrong: told.filter((text) => text !== '') };
}

export const all = (...judgements: readonly Judgement[]): Judgement => ({
  judged: judgements.reduce((sum, j) => sum + j.judged, 0),
  wrong: judgements.flatMap((j) => j.wrong),
});

/** The extents that an object reports. */
export const extentsOf = (object: ObservedObject): readonly VDS_DRIVE_EXTENT[] | undefined =>
  object.members['extents'] as readonly VDS_DRIVE_EXTENT[] | undefined;

/** Those of them that a LUN has. */
export const usedExtents = (object: ObservedObject): readonly VDS_DRIVE_EXTENT[] =>
  extentsOf(object)?.filter((e) => e.used) ?? [];

/** The objects of a kind that an object contains. */
export const within = (observation: Observation, kind: DeviceInterface, { id }: ObservedObject): ObservedObject[] =>
  objectsOf(observation, kind).filter((o) => o.container === id);
