// doctor as a user meets it, and what it can tell of an import target without changing it.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { estimateLines } from '../../src/cli/commands/doctor-text.js';
import { flagWords, importTargetFacts } from '../../src/run/survey.js';
import { about } from '../../src/reporting/text/times.js';
import { cli } from '../support/command-line.js';
import { newFolder } from '../support/folder.js';
import { ROOT } from '../support/project.js';

interface Shown {
  readonly examination: {
    readonly provider: { readonly name: string };
    readonly interfaces: readonly { readonly kind: string; readonly present: readonly string[] }[];
    readonly subSystems: readonly { readonly holds: Record<string, number>; readonly importTarget: string }[];
    readonly routes: readonly { readonly name: string; readonly kinds: readonly string[] }[];
    readonly latency: number;
  };
  readonly forecast: {
    readonly selected: number;
    readonly runnable: number;
    readonly notBegun: readonly {
      readonly verdict: string;
      readonly reason: string;
      readonly checks: readonly string[];
    }[];
  };
}

const asked = (...args: string[]): Shown => {
  const { code, out, err } = cli('doctor', '--json', ...args);
  expect(err).toBe('');
  expect(code).toBe(0);
  return JSON.parse(out) as Shown;
};

/** A module of the reference provider whose system is not disposable, which notes each call that would change it. */
function permanent(): { readonly module: string } {
  const module = join(newFolder(), 'permanent.mjs');
  writeFileSync(
    module,
    `import { adapter as reference } from ${JSON.stringify(join(ROOT, 'dist/providers/in-memory/adapter.js'))};
export const adapter = {
  name: 'permanent',
  async open(options) {
    const port = await reference.open(options);
    const capabilities = { ...port.capabilities, disposable: false };
    return new Proxy(port, { get(target, name) {
      if (name === 'capabilities') return capabilities;
      if (name === 'invoke') return (call) => {
        if (/\\.(?:Set|Create|Delete|Add|Remove|Extend|Shrink|Inject|Reenumerate|Refresh)/.test(call.method))
        throw new Error('doctor called ' + call.method);
        return target.invoke(call);
      };
      const value = target[name];
      return typeof value === 'function' ? value.bind(target) : value;
    } });
  },
};
`,
  );
  return { module };
}

describe('doctor', () => {
  test('reports identity, devices and faults of the reference provider', () => {
    const { examination, forecast } = asked('--provider', 'in-memory');
    expect(examination.provider.name).not.toBe('');
    expect(examination.subSystems.length).toBeGreaterThan(0);
    expect(examination.subSystems[0]?.holds['lun']).toBeGreaterThan(0);
    const of = (kind: string): readonly string[] =>
      examination.interfaces.find((each) => each.kind === kind)?.present ?? [];
    expect(of('provider')).toEqual(expect.arrayContaining(['IVdsProvider', 'IVdsHwProvider', 'IVdsProviderPrivate']));
    expect(of('lun')).toContain('IVdsLun');
    expect(of('lun')).not.toContain('IVdsDrive');
    expect(examination.routes.find((r) => r.name === 'cooperative')?.kinds).toContain('flipped-bytes');
    expect(examination.latency).toBeGreaterThan(0);
    expect(forecast.runnable + forecast.notBegun.reduce((sum, n) => sum + n.checks.length, 0)).toBe(forecast.selected);
  });

  test('makes no call that changes, scans or damages, and foretells what would be held back', () => {
    const { module } = permanent();
    const { forecast } = asked('--provider', module);
    const held = forecast.notBegun.find((n) => n.verdict === 'held back');
    expect(held?.reason).toContain('--allow-destructive');
    const { forecast: allowed } = asked('--provider', module, '--allow-destructive');
    expect(allowed.notBegun.map((n) => n.verdict)).not.toContain('held back');
    expect(allowed.runnable).toBeGreaterThan(forecast.runnable);
  });

  test('foresees what a run finds', () => {
    const { forecast } = asked('--provider', 'in-memory', '--suite', 'transport', 'memory');
    const foreseen = forecast.notBegun.map(({ verdict, checks }) => `${checks[0]} ${verdict.replace(' ', '-')}`).sort();
    expect(foreseen).not.toHaveLength(0);
    const ids = forecast.notBegun.flatMap(({ checks }) => checks.slice(0, 1));
    const { out } = cli(
      'run',
      '--provider',
      'in-memory',
      '--check',
      ...ids,
      '--stdout',
      'json',
      '--reports',
      newFolder(),
    );
    const { results } = JSON.parse(out) as { results: readonly { id: string; verdict: string }[] };
    expect(results.map(({ id, verdict }) => `${id} ${verdict}`).sort()).toEqual(foreseen);
  });

  test('reads like a page, and ends with what to do next', () => {
    const reference = cli('doctor', '--provider', 'in-memory', '--recovery-time', '1000');
    expect(reference.code).toBe(0);
    expect(reference.out).toMatch(
      /Provider[^]*System[^]*masking capable[^]*Interfaces[^]*Fault routes[^]*A run: \d+ of \d+[^]*about \d+ calls[^]*together[^]*Next: vds-conformance run/,
    );
  });

  test('ends with 3 and the hint where the provider cannot be opened, and with 2 for wrong usage', () => {
    const closed = cli('doctor', '--provider', 'rest', '--url', 'http://127.0.0.1:1');
    expect(closed.err).toMatch(/ECONNREFUSED.*server running/s);
    expect(closed.code).toBe(3);
    const wrong = cli('doctor', '--provider', 'in-memory', '--cache-file', './nowhere.bin');
    expect(wrong.err).toMatch(/cache file cannot be read.*--cache-file/s);
    expect(wrong.code).toBe(2);
  });

  test('takes what it knows of a configuration', () => {
    const config = join(newFolder(), 'vdsc.json');
    writeFileSync(
      config,
      JSON.stringify({
        provider: 'in-memory',
        suite: ['luns'],
        allowDestructive: true,
        loadTimeout: 1000,
        strict: true,
        reports: 'x',
      }),
    );
    const { forecast } = asked('--config', config);
    expect(forecast.selected).toBe(asked('--provider', 'in-memory', '--suite', 'luns').forecast.selected);
  });
});

describe('the examination without a change', () => {
  const target = { id: '0f2f4f8e-5f0a-4c53-9f0b-5f8e3c1d2a77', iscsiName: 'iqn.2026-11.example:a' } as const;
  test.each([
    [undefined, /^not offered/],
    [null, /^not set/],
    ['iqn.2026-11.example:a', /name dialect/],
    [target.id, /id dialect, bare/],
    [`{${target.id}}`, /id dialect, braced/],
    ['elsewhere', /names no target/],
  ] as const)('an import target of %s', (importTarget, says) => {
    expect(
      importTargetFacts({ importTarget, targets: [target] } as unknown as Parameters<typeof importTargetFacts>[0]),
    ).toMatch(says);
  });

  test('flags in words, and unknown bits as a number', () => {
    expect(flagWords('VDS_SUB_SYSTEM_FLAG', 0x1 | 0x800)).toEqual(['lun masking capable', 'supports simple luns']);
    expect(flagWords('VDS_SUB_SYSTEM_FLAG', 0x1 | 0x100)).toEqual(['lun masking capable', 'unknown 0x100']);
  });

  test('an estimate says what it is made of, and what it does not know', () => {
    const diagnosis = {
      examination: { latency: 20 },
      forecast: { calls: 3000, recoveries: 10 },
    } as unknown as Parameters<typeof estimateLines>[0];
    expect(estimateLines(diagnosis).join('\n')).toMatch(
      /3000 calls: 60 s, at the 20 ms.*\n.*10 recoveries; .*--recovery-time/,
    );
    expect(estimateLines({ ...diagnosis, recoveryTime: 60_000 }).join('\n')).toMatch(
      /10 recoveries: 10 min, at 60 s each.*\n {2}together 11 min/,
    );
    expect(
      estimateLines({ ...diagnosis, forecast: { ...diagnosis.forecast, calls: 1, recoveries: 1 } }).join('\n'),
    ).toMatch(/about 1 call: [^]*about 1 recovery; /);
    expect([0.0123, 12, 1500, 600_000, 36_000_000].map(about)).toEqual([
      '0.012 ms',
      '12 ms',
      '2 s',
      '10 min',
      '10.0 h',
    ]);
  });
});
