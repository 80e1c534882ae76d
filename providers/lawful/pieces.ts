// Sizes of LUNs, and the space that they take, in whole pieces.
import { MIB } from '../../src/contract/sizes.js';
import { asks, reports, together } from '../defective/answers.js';
import type { MakeOverrides } from '../defective/override.js';
import { ALLOCATION_UNIT, plexSize, type Layout } from '../in-memory/array/space.js';
import { Failure } from '../in-memory/failure.js';
import { LunObject } from '../in-memory/objects/lun.js';
import { SubSystemObject } from '../in-memory/objects/subsystem.js';

export const down = (bytes: bigint, unit: bigint): bigint => (bytes / unit) * unit;
export const up = (bytes: bigint, unit: bigint): bigint => down(bytes + unit - 1n, unit);

type Round = (bytes: bigint, unit: bigint) => bigint;

/** New LUNs in whole units. `round` is for what is asked for; what is reported as a maximum is rounded down. */
export const newInUnits = (unit: bigint, round: Round): MakeOverrides =>
  together(
    asks('IVdsSubSystem.CreateLun', (args) => ({ ...args, sizeInBytes: round(args.sizeInBytes, unit) })),
    asks('IVdsSubSystem2.CreateLun2', (args) => ({ ...args, sizeInBytes: round(args.sizeInBytes, unit) })),
    reports('IVdsSubSystem.QueryMaxLunCreateSize', () => (out) => ({ maxLunSize: down(out.maxLunSize, unit) })),
    reports('IVdsSubSystem2.QueryMaxLunCreateSize2', () => (out) => ({ maxLunSize: down(out.maxLunSize, unit) })),
  );

/** The same of what is added to them. */
export const addedInUnits = (unit: bigint, round: Round): MakeOverrides =>
  together(
    asks('IVdsLun.Extend', (args) => ({ ...args, numberOfBytesToAdd: round(args.numberOfBytesToAdd, unit) })),
    reports('IVdsLun.QueryMaxLunExtendSize', () => (out) => ({ maxBytesToBeAdded: down(out.maxBytesToBeAdded, unit) })),
  );

export const inUnits = (unit: bigint, round: Round): MakeOverrides =>
  together(
    newInUnits(unit, round),
    addedInUnits(unit, round),
    asks('IVdsLun.Shrink', (args) => ({ numberOfBytesToRemove: down(args.numberOfBytesToRemove, unit) })),
  );

const PIECE = 256n * MIB;

/** Whether a future LUN lies on one drive after another, once. */
const isConcatenated = ({ plexes }: Layout): boolean => plexes.flatMap(({ columns }) => columns).length === 1;

/** Lays LUNs that lie on one drive after another out in whole pieces, of which their sizes say nothing. */
export class TakesWholePieces extends SubSystemObject {
  protected override layOut(...asked: Parameters<SubSystemObject['layOut']>): Layout {
    const exact = super.layOut(...asked);
    const [subSystem, type, bytes, ...where] = asked;
    if (!isConcatenated(exact)) return exact;
    try {
      return { ...super.layOut(subSystem, type, up(bytes, PIECE), ...where), size: exact.size };
    } catch (error) {
      if (error instanceof Failure) return exact;
      throw error;
    }
  }
}

const SECTOR = 512n;

/** What is added to a LUN is exact to the sector, and has a whole piece of its own for the last of it. */
export class GrowsBySectors extends LunObject {
  protected override growth(...asked: Parameters<LunObject['growth']>): ReturnType<LunObject['growth']> {
    const [subSystem, lun, bytes, drives] = asked;
    return { ...super.growth(subSystem, lun, bytes, drives), bytes: up(bytes, SECTOR) };
  }
}

/** LUNs that have grown in what was left of their last piece. */
const full = new WeakSet<object>();

export class GrowsInItsPieces extends LunObject {
  protected override growth(...asked: Parameters<LunObject['growth']>): ReturnType<LunObject['growth']> {
    const [, lun, bytes] = asked;
    const [plex, ...others] = lun.plexes.values();
    const more = up(bytes, ALLOCATION_UNIT);
    if (plex?.columns.length !== 1 || others.length > 0 || plexSize(plex) < lun.size + more)
      return super.growth(...asked);
    // What is left is given once, as another extension may be under way.
    if (full.has(lun)) return super.growth(...asked);
    full.add(lun);
    return { bytes: more, added: new Map([[plex.id, [[]]]]) };
  }
}
