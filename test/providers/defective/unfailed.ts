// Finds a defect that fails a check, for the checks that no defect's `noticedBy` proves: so a new check needs no list,
// only a defect that it notices.
import { defectNamed } from '../../../providers/defective/adapter.js';
import { DEFECTS } from '../../../providers/defective/catalogue.js';
import type { Defect } from '../../../providers/defective/defect.js';
import { DEFAULT_PROFILE, PROFILE_NAMES } from '../../../providers/in-memory/profiles/profile.js';
import type { SelectedCheck } from '../../../src/run/selection.js';
import { noticed, outcomeOf } from './outcome.js';

/** Checks that no defect here can fail, and who does. */
export const NOT_FAILED_HERE: Readonly<Record<string, string>> = {
  'memory.outputs-are-the-callers':
    'needs a transport with guarded memory; the native defects fail it (providers/ffi/native/com/defects.h)',
  ...Object.fromEntries(
    [
      ['stripe-sizes', 'a striped LUN that is there from the beginning; plexes.stripe-size-supported makes one'],
      ['ports-of-offline-controllers', 'a controller that is OFFLINE; controllers.ports-go-offline sets one'],
    ].map(([name, what]) => [`consistency.${name}`, `needs ${what}; test/truth/consistency.test.ts breaks the rule`]),
  ),
  ...Object.fromEntries(
    ['IVdsLun.Extend', 'IVdsLun.Delete', 'IVdsLun.GetProperties'].map((name) => [
      `faults.crash.${name}`,
      'needs a provider whose array outlives its process; a native defect fails it (test/run/adapters.whole.test.ts)',
    ]),
  ),
  ...Object.fromEntries(
    ['reset', 'truncated', 'malformed', 'oversized', 'slow', 'slow.limit'].map((name) => [
      `transport.${name}`,
      'needs a transport; test/providers/rest/transport-faults.test.ts fails it with defects of a client and a gateway',
    ]),
  ),
};

/**
 * Defects that fail many checks. Each meets those that the ones before it did not fail, which is quicker than to search
 * for each check.
 */
const BROAD = [
  'newest-objects-lost-in-every-refresh',
  'deleted-is-e-fail',
  'recovery-repairs-nothing',
  'bad-arguments-e-fail',
  'null-outputs-s-ok',
  'stubs-e-notimpl',
  'unfinished-methods-e-notimpl',
  'lun-default-type-not-supported',
  'async-no-target-handed-over',
  'enumeration-of-another-kind',
];

/** Those that break a SHOULD of many checks beside their MUST, and so fail them under --strict. */
const BROAD_WHEN_STRICT = ['largest-lun-without-a-result', 'import-target-null-pointer-succeeds'];

/** Ids of the checks that are not excused, and that no defect fails. */
export async function unfailed(checks: readonly SelectedCheck[]): Promise<readonly string[]> {
  // A defect that fails every check, or a check only after others, says nothing about the one check.
  const proving = DEFECTS.filter((d) => d.breaksLoading !== true && d.after === undefined);
  const proven = new Set(proving.flatMap((d) => d.noticedBy));
  let left = checks.filter(({ check }) => !proven.has(check.id) && NOT_FAILED_HERE[check.id] === undefined);
  /** Those that no run so far could ask anything of the default reference provider. */
  const unasked = new Set(left.map(({ check }) => check.id));
  const meet = async (defect: Defect, some: readonly SelectedCheck[]): Promise<void> => {
    const { results } = await outcomeOf(defect, some);
    const failed = new Set(results.filter(noticed).map((r) => r.id));
    for (const { id, verdict } of results) if (verdict !== 'not-applicable') unasked.delete(id);
    left = left.filter(({ check }) => !failed.has(check.id));
  };
  const strictly = BROAD_WHEN_STRICT.map((name): Defect => ({ ...defectNamed(name), strict: true }));
  for (const defect of [...BROAD.map(defectNamed), ...strictly]) await meet(defect, left);
  // The equipment that a check needs may be in another reference provider only: there the same defects are as bad.
  const profiles = PROFILE_NAMES.filter((profile) => profile !== DEFAULT_PROFILE);
  for (const one of left) {
    const related = proving.filter((d) => d.breaks.some((id) => one.check.requirements.includes(id)));
    const elsewhere = related
      .filter((d) => d.profile === undefined)
      .flatMap((defect) => profiles.map((profile): Defect => ({ ...defect, profile })));
    for (const defect of unasked.has(one.check.id) ? elsewhere : related)
      if (left.includes(one)) await meet(defect, [one]);
  }
  return left.map(({ check }) => check.id);
}
