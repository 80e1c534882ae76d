import { expect, test } from 'vitest';
import type { TraceEntry } from '../../../src/port/trace-entry.js';
import { explain } from '../../../src/reporting/insight/explain.js';
import { requirement } from '../../../src/contract/requirements.js';
import { causesOf, type Cause } from '../../../src/reporting/insight/causes.js';
import { afterwordOf, causeSentence, dutyText, factsOf, stepsOf } from '../../../src/reporting/text/cause-text.js';
import { call, ended, failed, header } from '../samples.js';

/** The facts of a failure that names no call, by their labels. */
const facts = (trace: readonly TraceEntry[], calls = 3): Record<string, string> => {
  const findings = [{ requirement: 'VDS-1.3a', level: 'MUST' as const, message: 'm' }];
  return Object.fromEntries(factsOf(explain(failed('a.b', { findings, trace, calls }), header())));
};

test('a failure that follows from a few calls shows the last of them, and not that of a clean-up', () => {
  const shown = facts([
    call(1, 'IVdsLun.QueryPlexes'),
    call(2, 'IVdsLunPlex.QueryExtents', { object: 'plex#1' }),
    call(3, 'IVdsLun.Delete', { phase: 'clean-up' }),
  ]);
  expect(shown).toMatchObject({ After: 'IVdsLunPlex::QueryExtents() on plex#1 → S_OK' });
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
  const explained = explain(crash, header());
  expect(Object.fromEntries(factsOf(explained))).toMatchObject({
    Requirement: expect.stringMatching(/^VDS-2\.7 \(MUST\): A loaded provider keeps running/),
    'Documented at': expect.stringMatching(/nf-vdshwprv-ivdshwprovider-refresh$/),
    Actual: 'none: the provider is gone',
  });
  expect(stepsOf(explained)).toEqual([
    expect.stringMatching(/^1\. the run injects lost-entry of lun#1: /),
    '2. IVdsHwProvider::Refresh() on lun#1 → the provider died',
  ]);
});

test('a hang names the duty to answer, the page of its method, and the option that raises the limit', () => {
  const reason =
    'IVdsHwProvider::Reenumerate did not answer within 5 ms. If it is lawfully slow here, raise its limit with --scan-timeout. [VDSC_HUNG]';
  const hang = ended('a.b', 'hung', reason, {
    code: 'VDSC_HUNG',
    trace: [call(1, 'IVdsHwProvider.Reenumerate', { object: 'provider#1', error: 'VDSC_HUNG', mark: 'died' })],
  });
  const explained = explain(hang, header());
  expect(causeSentence(causesOf([hang], header())[0] as Cause)).toBe(
    'IVdsHwProvider::Reenumerate did not answer within 5 ms',
  );
  expect(factsOf(explained)).toEqual([
    ['Requirement', `VDS-0.2d (MUST): ${requirement('VDS-0.2d').statement}`],
    ['Documented at', expect.stringMatching(/nf-vdshwprv-ivdshwprovider-reenumerate$/)],
    ['Call', 'IVdsHwProvider::Reenumerate() on provider#1 → no answer'],
    ['Expected', 'an answer'],
    ['Actual', 'none: the call was given up'],
  ]);
  expect(afterwordOf(explained)).toContainEqual([
    'Hint',
    'If it is lawfully slow here, raise its limit with --scan-timeout.',
  ]);
});

test('of a duty whose sentences begin with the methods that they bind only the one of the call is shown', () => {
  const duty = requirement('VDS-10.7b');
  expect(dutyText(duty, ['IVdsLun.GetProperties', 'IVdsLun.Shrink'])).toMatch(/^VDS-10\.7b \(MUST\): Shrink [^.]*\.$/);
  expect(dutyText(duty, ['IVdsLun.GetProperties'])).toContain(duty.statement);
});

test('steps are told from the last one back, and how many came before', () => {
  const steps = Array.from({ length: 12 }, (_, i) => `step ${i + 1}`);
  const findings = [{ requirement: 'VDS-1.4a', level: 'MUST' as const, message: 'm', steps }];
  const lines = stepsOf(explain(failed('a.b', { findings }), header()), 2);
  expect(lines).toEqual([
    '(10 steps before these: see the evidence)',
    '11. step 11',
    '12. step 12   <== wrong after this',
  ]);
});
