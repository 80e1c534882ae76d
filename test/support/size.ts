// How much the long tests try: a sample that CI has time for, or all there is (`npm run test:whole`).
import { select } from '../../src/run/selection.js';
import { SUITES } from '../../suites/index.js';

/** Whether all there is is tried, as `npm run test:whole` sets it. */
export const WHOLE = process.env['VDSC_WHOLE'] === 'true';

/** All, or the first and each so-many-th one after it. */
export const sample = <T>(all: readonly T[], each: number): readonly T[] =>
  WHOLE ? all : all.filter((_, index) => index % each === 0);

const TAKE_LONG: ReadonlySet<string> = new Set(['recovery', 'interactions', 'stories', 'array-events']);
/** The suites of which all hand-written checks together take a few seconds. */
export const LIGHT_SUITES = SUITES.map(({ name }) => name).filter((name) => !TAKE_LONG.has(name));

/** The ids of the hand-written checks and all others of standard effort, or of a sample of those. */
export function standardChecks(each: number): readonly string[] {
  const written = new Set(select(SUITES, { effort: 'quick' }).map(({ check }) => check.id));
  const all = select(SUITES, { effort: 'standard' }).map(({ check }) => check.id);
  const generated = new Set(
    sample(
      all.filter((id) => !written.has(id)),
      each,
    ),
  );
  return all.filter((id) => written.has(id) || generated.has(id));
}
