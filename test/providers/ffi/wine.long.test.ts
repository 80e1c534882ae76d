// The command line in Windows Node under Wine against the native provider as a DLL: the path of a vendor on Windows,
// with the verdicts of Linux.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CheckResult } from '../../../src/checks/outcome.js';
import { cli, type Finished } from '../../support/command-line.js';
import { buildForWindows, buildNative, type NativeLibrary } from '../../support/native.js';
import { needs } from '../../support/tools.js';
import { Wine, windowsPath } from '../../support/wine/wine.js';
import { newFolder } from '../../support/folder.js';

// A call takes some 10 ms under Wine, where the provider reads its files on each: so no suite that makes thousands of
// calls.
const CHECKS = [
  'async.*',
  'controllers.*',
  'creation.*',
  'drives.*',
  'lifecycle.*',
  'luns.*',
  'masking.*',
  'memory.*',
  'notifications.*',
  'plexes.*',
  'resizing.*',
  'subsystem.*',
  'import-target.round-trip',
  'recovery.nothing-wrong',
  'recovery.flipped-bytes.lun',
  'recovery.held-references',
];

let folder: string;
let wine: Wine;
let reference: NativeLibrary;

interface Run extends Finished {
  readonly results: readonly CheckResult[];
}
let runs = 0;
function run(command: (...args: string[]) => Finished, checks: readonly string[], ...provider: string[]): Run {
  const reports = join(folder, `reports-${runs++}`);
  const finished = command(
    'run',
    '--provider',
    'ffi',
    ...provider,
    '--allow-destructive',
    '--seed',
    'wine',
    '--effort',
    'quick',
    '--reports',
    reports,
    '--check',
    ...checks,
  );
  let results: readonly CheckResult[];
  try {
    results = (JSON.parse(readFileSync(join(reports, 'results.json'), 'utf8')) as { results: CheckResult[] }).results;
  } catch {
    throw new Error(`the command wrote no results:\n${finished.out}\n${finished.err}`);
  }
  return { ...finished, results };
}
const underWine = (checks: readonly string[], { library, clsid }: NativeLibrary): Run =>
  run((...args) => wine.cli(...args), checks, '--library', windowsPath(library), '--clsid', clsid);
const verdicts = (results: readonly CheckResult[]): object[] =>
  results.map(({ id, verdict, faultVerdict, reason, findings }) => ({ id, verdict, faultVerdict, reason, findings }));

needs('wine', 'the command line under Wine', () =>
  describe('the command line under Wine', () => {
    beforeAll(() => {
      folder = newFolder();
      reference = buildForWindows();
      wine = new Wine();
    });
    afterAll(() => {
      wine?.close();
    });

    test('the DLL gets the verdicts that the library gets on Linux', () => {
      const windows = underWine(CHECKS, reference);
      const native = buildNative();
      const linux = run(cli, CHECKS, '--library', native.library, '--clsid', native.clsid);
      expect(verdicts(windows.results)).toEqual(verdicts(linux.results));
      expect(windows.results.filter((r) => r.verdict === 'passed').length).toBeGreaterThan(200);
      expect(windows.out).toContain('CONFORMANT');
      expect(windows.code).toBe(0);
    });

    test('COM finds the provider by its class, without a path', () => {
      wine.register(reference.clsid, reference.library);
      const { code, results } = run(
        (...args) => wine.cli(...args),
        ['lifecycle.interfaces', 'luns.create'],
        '--clsid',
        reference.clsid,
      );
      expect(results.map((r) => `${r.id} ${r.verdict}`)).toEqual(['lifecycle.interfaces passed', 'luns.create passed']);
      expect(code).toBe(0);
    });

    test('a provider that crashes costs the check, and the report names the exception and the call', () => {
      const { code, results } = underWine(
        ['lifecycle.interfaces', 'recovery.nothing-wrong', 'subsystem.*'],
        buildForWindows('crash-in-refresh'),
      );
      const [crashed, ...others] = results.filter((r) => r.verdict !== 'passed' && r.verdict !== 'not-applicable');
      expect(crashed).toMatchObject({ id: 'recovery.nothing-wrong', verdict: 'crashed' });
      expect(crashed?.reason).toContain('died of exception 0xC0000005 during IVdsHwProvider::Refresh');
      expect(others).toEqual([]);
      expect(results.length).toBeGreaterThan(10);
      expect(code).toBe(1);
    });

    test('a provider whose recovery gives LUNs new ids is found by the values', () => {
      const { code, results } = underWine(
        ['recovery.nothing-wrong', 'lifecycle.interfaces'],
        buildForWindows('new-guids'),
      );
      expect(Object.fromEntries(results.map((r) => [r.id, r.verdict]))).toEqual({
        'lifecycle.interfaces': 'passed',
        'recovery.nothing-wrong': 'failed',
      });
      expect(code).toBe(1);
    });
  }),
);
