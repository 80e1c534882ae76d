import { expect, test } from 'vitest';
import type { TraceEntry } from '../../../src/port/trace-entry.js';
import { explain } from '../../../src/reporting/insight/explain.js';
import { HR } from '../../../src/contract/hresult.js';
import { requirement } from '../../../src/contract/requirements.js';
import { causesOf, type Cause } from '../../../src/reporting/insight/causes.js';
import {
  afterwordOf,
  hintFact,
  alsoSeenAs,
  causeSentence,
  comparison,
  dutyFacts,
} from '../../../src/reporting/text/cause-text.js';
import { dutyText } from '../../../src/reporting/text/duty-text.js';
import { MANY_CALLS, stepsOf } from '../../../src/reporting/text/steps.js';
import { titleOf } from '../../../src/reporting/text/title.js';
import { call, ended, failed, header } from '../samples.js';

/** The steps of a failure that names no call. */
const steps = (trace: readonly TraceEntry[], calls = 3): string[] => {
  const findings = [{ requirement: 'VDS-1.3a', level: 'MUST' as const, message: 'm' }];
  return stepsOf(explain(failed('a.b', { findings, trace, calls }), header()));
};

test('a failure that follows from a few calls shows the last of them, and not that of a clean-up', () => {
  const shown = steps([
    call(1, 'IVdsLun.QueryPlexes'),
    call(2, 'IVdsLunPlex.QueryExtents', { object: 'plex#1' }),
    call(3, 'IVdsLun.Delete', { phase: 'clean-up' }),
  ]);
  expect(shown).toEqual(['1. IVdsLunPlex::QueryExtents() on plex#1 → S_OK <== wrong after this']);
});

test('a failure that follows from none, or from many, says so', () => {
  expect(steps([])).toEqual([MANY_CALLS]);
  expect(steps([call(1, 'IVdsLun.QueryPlexes')], 500)).toEqual([MANY_CALLS]);
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
  expect(titleOf(explained)).toMatch(/: it died, after a fault: lun#1 is lost from the provider's cache/);
  expect(Object.fromEntries([...comparison(explained), ...dutyFacts(explained)])).toMatchObject({
    Requirement: expect.stringMatching(/^VDS-2\.7 \(MUST\): A loaded provider keeps running/),
    'Documented at': expect.stringMatching(/nf-vdshwprv-ivdshwprovider-refresh$/),
    Actual: 'none: the provider is gone',
  });
  expect(stepsOf(explained)).toEqual([
    expect.stringMatching(/^1\. fault: lun#1 is lost from the provider's cache.* \(lost-entry\)$/),
    '2. IVdsHwProvider::Refresh() on lun#1 → the provider died',
  ]);
});

test('a hang names the duty to answer, the page of its method, and the option that raises the limit', () => {
  const problem = 'IVdsHwProvider::Reenumerate did not answer within 5 ms';
  const hint = 'If it is lawfully slow here, raise its limit with --scan-timeout.';
  const hang = ended('a.b', 'hung', `${problem}. ${hint} [VDSC_HUNG]`, {
    code: 'VDSC_HUNG',
    problem,
    hint,
    trace: [call(1, 'IVdsHwProvider.Reenumerate', { object: 'provider#1', error: 'VDSC_HUNG', mark: 'died' })],
  });
  const explained = explain(hang, header());
  expect(causeSentence(causesOf([hang], header())[0] as Cause)).toBe(
    'IVdsHwProvider::Reenumerate on provider#1 did not answer within 5 ms',
  );
  expect([...comparison(explained), ...dutyFacts(explained)]).toEqual([
    ['Expected', 'an answer'],
    ['Actual', 'none: the call was given up'],
    ['Requirement', `VDS-0.2d (MUST): ${requirement('VDS-0.2d').statement}`],
    ['Documented at', expect.stringMatching(/nf-vdshwprv-ivdshwprovider-reenumerate$/)],
  ]);
  expect(stepsOf(explained)).toEqual(['1. IVdsHwProvider::Reenumerate() on provider#1 → no answer']);
  expect(hintFact(explained)).toEqual([['Hint', hint]]);
});

test('a success that was expected leads to the page of the duty, and not to that of a suspect', () => {
  const finding = {
    requirement: 'VDS-1.4a',
    level: 'MUST' as const,
    message: 'm',
    call: 3,
    expected: { hresult: HR.S_OK },
    actual: { hresult: HR.VDS_E_NO_IMPORT_TARGET },
  };
  const trace = [
    call(1, 'IVdsSubSystemImportTarget.SetImportTarget'),
    call(2, 'IVdsHwProvider.Refresh'),
    call(3, 'IVdsSubSystemImportTarget.GetImportTarget', { hr: HR.VDS_E_NO_IMPORT_TARGET }),
  ];
  const facts = dutyFacts(explain(failed('a.b', { findings: [finding], trace, calls: 3 }), header()));
  expect(Object.fromEntries(facts)['Documented at']).toMatch(/nf-vds-ivdssubsystemimporttarget-setimporttarget$/);
});

test('of a duty whose sentences begin with the methods that they bind only the one of the call is shown', () => {
  const duty = requirement('VDS-10.11');
  const both = ['IVdsLun.GetProperties', 'IVdsLunIscsi.AssociateTargets'];
  expect(dutyText(duty, both)).toMatch(/^VDS-10\.11 \(MUST\): AssociateTargets [^.]*\.$/);
  expect(dutyText(duty, ['IVdsLun.GetProperties'])).toContain(duty.statement);
});

test('of a duty whose sentences begin otherwise all are shown', () => {
  const duty = requirement('VDS-6.7a');
  expect(dutyText(duty, ['IVdsSubSystem.QueryLuns'])).toContain(duty.statement);
});

test('where an id is the point, its GUID stands beside its name', () => {
  const finding = {
    requirement: 'VDS-3.2b',
    level: 'MUST' as const,
    message: 'the provider id is "provider#2"; expected "provider#1"',
    expected: 'provider#1',
    actual: 'provider#2',
    ids: { 'provider#1': '0a', 'provider#2': '0b' },
  };
  const shown = comparison(explain(failed('a.b', { findings: [finding] }), header()));
  expect(shown.slice(0, 2)).toEqual([
    ['Expected', '"provider#1" = 0a'],
    ['Actual', '"provider#2" = 0b'],
  ]);
});

const HINTS = { hintMask: 0, stripeSize: 0, mostlyReads: false, rebuildPriority: 0 };

test('of structures that were compared only the fields that differ are shown, each once', () => {
  const finding = {
    requirement: 'VDS-10.12a',
    level: 'MUST' as const,
    message: 'hints of lun#7 is {hintMask: 4, mostlyReads: true}; expected {hintMask: 0, mostlyReads: false}',
    member: 'LUN hints',
    of: 'lun#7',
    expected: HINTS,
    actual: { ...HINTS, hintMask: 4, mostlyReads: true },
  };
  const explained = explain(failed('a.b', { findings: [finding] }), header());
  expect(titleOf(explained)).toMatch(/: hints of lun#7 is \{hintMask: 4, mostlyReads: true\}$/);
  expect(comparison(explained)).toEqual([
    ['Expected', 'hints: {hintMask: 0, mostlyReads: false}'],
    ['Actual', 'hints: {hintMask: 4, mostlyReads: true}'],
  ]);
  expect(afterwordOf(explained).map(([label]) => label)).not.toContain('In full');
  expect(alsoSeenAs(explained)).toBe(`${titleOf(explained)}; expected {hintMask: 0, mostlyReads: false}`);
});

test('a change that no call was to make says so in the title', () => {
  const finding = {
    requirement: 'VDS-4.1a',
    level: 'MUST' as const,
    message: `flags of drive#8 changed from 1 to 0, which this step must not change`,
    nature: 'unasked-change' as const,
    call: 1,
    member: 'drive flags',
    of: 'drive#8',
    expected: 1,
    actual: 0,
    steps: ['one', 'two'],
  };
  const trace = [call(1, 'IVdsDrive.SetStatus', { object: 'drive#8', args: { status: 2 } })];
  const explained = explain(failed('a.b', { findings: [finding], trace }), header());
  expect(titleOf(explained)).toBe(
    'IVdsDrive::SetStatus(status: 2) on drive#8: flags of drive#8 changed from 1 to 0, which this step must not change',
  );
  expect(dutyFacts(explained)[0]).toEqual(['Requirement', `VDS-4.1a (MUST): ${requirement('VDS-4.1a').statement}`]);
});

test('a title does not say twice which method it is about, nor of which object', () => {
  const trace = [call(1, 'IVdsSubSystem.QueryLuns', { object: 'subsystem#1' })];
  const titled = (message: string): string => {
    const findings = [{ requirement: 'VDS-6.7a', level: 'MUST' as const, message, call: 1 }];
    return titleOf(explain(failed('a.b', { findings, trace }), header()));
  };
  const title = 'IVdsSubSystem::QueryLuns on subsystem#1 lists lun#4 twice';
  expect(titled('QueryLuns lists lun#4 twice')).toBe(title);
  expect(titled('IVdsSubSystem::QueryLuns lists lun#4 twice')).toBe(title);
  expect(titled('IVdsSubSystem::QueryLuns of subsystem#1 lists lun#4 twice')).toBe(title);
});

test('steps are told from the last one back, and how many came before', () => {
  const told = Array.from({ length: 12 }, (_, i) => `step ${i + 1}`);
  const findings = [{ requirement: 'VDS-1.4a', level: 'MUST' as const, message: 'm', steps: told }];
  const lines = stepsOf(explain(failed('a.b', { findings }), header()), 2);
  expect(lines).toEqual([
    '(10 steps before these: see the evidence)',
    '11. step 11',
    '12. step 12 <== wrong after this',
  ]);
});
