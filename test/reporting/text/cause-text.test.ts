import { expect, test } from 'vitest';
import type { TraceEntry } from '../../../src/port/trace-entry.js';
import { explain } from '../../../src/reporting/insight/explain.js';
import { factsOf } from '../../../src/reporting/text/cause-text.js';
import { call, ended, failed, header } from '../samples.js';

/** The facts of a failure that names no call, by their labels. */
const facts = (trace: readonly TraceEntry[], calls = 3): Record<string, string> => {
  const findings = [{ requirement: 'VDS-1.3a', level: 'MUST' as const, message: 'm' }];
  return Object.fromEntries(factsOf(explain(failed('a.b', { findings, trace, calls }), header()), true));
};

test('a failure that follows from a few calls shows the last of them, and not that of a clean-up', () => {
  const shown = facts([
    call(1, 'IVdsLun.QueryPlexes'),
    call(2, 'IVdsLunPlex.QueryExtents', { object: 'plex#1' }),
    call(3, 'IVdsLun.Delete', { phase: 'clean-up' }),
  ]);
  expect(shown).toMatchObject({ 'Last call': 'IVdsLunPlex::QueryExtents() on plex#1', Answer: 'S_OK (0x00000000)' });
});

test('a failure that follows from none, or from many, says so', () => {
  expect(facts([])['Call']).toMatch(/^several calls together/);
  expect(facts([call(1, 'IVdsLun.QueryPlexes')], 500)['Call']).toMatch(/^several calls together/);
});

test('a crash names the duty that it breaks and the fault that went before', () => {
  const crash = ended('a.b', 'crashed', 'it died', {
    code: 'VDSC_CRASHED',
    faultVerdict: 'crashed',
    trace: [
      { type: 'fault', number: 1, at: 1, kind: 'lost-entry', object: 'lun#1', route: 'cooperative', proof: 'gone' },
      call(2, 'IVdsHwProvider.Refresh', { error: 'VDSC_CRASHED', mark: 'died' }),
    ],
  });
  expect(Object.fromEntries(factsOf(explain(crash, header()), false))).toMatchObject({
    Requirement: expect.stringMatching(/^VDS-2\.7 \(MUST\): A loaded provider keeps running/),
    Fault: 'lost-entry of lun#1: crashed',
  });
});
