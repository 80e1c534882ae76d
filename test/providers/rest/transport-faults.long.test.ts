// The suite of a transport that breaks down, over REST: it passes here, and each of its checks fails on a client or
// gateway with a defect.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CheckResult } from '../../../src/checks/outcome.js';
import { ProviderCrashed } from '../../../src/port/errors.js';
import type { OpenOptions, Port, ProviderAdapter } from '../../../src/port/port.js';
import { overridePort, type MakeOverrides } from '../../../providers/defective/override.js';
import { createInMemory, adapter as inMemory, type Parts } from '../../../providers/in-memory/adapter.js';
import { StorageArray } from '../../../providers/in-memory/array/array.js';
import { adapter as rest } from '../../../providers/rest/adapter.js';
import { serve, type RunningServer } from '../../../providers/rest/server.js';
import { runChecks, spec } from '../../support/run-checks.js';

/** All sessions have one array, as a vendor's have. */
function oneArray(): { readonly adapter: ProviderAdapter; readonly array: () => StorageArray | undefined } {
  let shared: StorageArray | undefined;
  class Shared {
    constructor(seed: string) {
      shared ??= new StorageArray(seed);
      return shared;
    }
  }
  return {
    array: () => shared,
    adapter: {
      name: 'one array',
      async open(options: OpenOptions): Promise<Port> {
        const port = createInMemory(options, { StorageArray: Shared as unknown as Parts['StorageArray'] });
        return Object.assign(port, { capabilities: { ...port.capabilities, disposable: false, persistent: true } });
      },
    },
  };
}

const openOptions = (seed: string): OpenOptions => ({ settings: {}, seed, scratch: '/nowhere' });
const servers: RunningServer[] = [];
async function served(adapter: ProviderAdapter): Promise<string> {
  const server = await serve({ adapter, openOptions });
  servers.push(server);
  return server.url;
}
afterAll(() => Promise.all(servers.map((s) => s.close())));

const run = (open: (scratch: string) => Promise<Port>, checks?: readonly string[]): Promise<CheckResult[]> =>
  runChecks(open, { suites: ['transport'], ...(checks === undefined ? {} : { checks }) });
const overRest =
  (url: string, make?: MakeOverrides) =>
  async (scratch: string): Promise<Port> => {
    const port = await rest.open({ settings: { url }, seed: 'test', scratch });
    return make === undefined ? port : overridePort(port, make(port));
  };

const KINDS = ['reset', 'truncated', 'malformed', 'oversized', 'slow'];
const ENDS: Readonly<Record<string, string>> = {
  reset: 'VDSC_UNREACHABLE',
  truncated: 'VDSC_PROTOCOL',
  malformed: 'VDSC_PROTOCOL',
  oversized: 'VDSC_PROTOCOL',
  'slow.limit': 'VDSC_HUNG',
};

describe.each(['each session has a system of its own', 'all sessions have one array'])('%s', (which) => {
  let results: CheckResult[];
  let array: StorageArray | undefined;
  let before: string;
  beforeAll(async () => {
    const shared = oneArray();
    before = new StorageArray('test').truth();
    results = await run(overRest(await served(which.startsWith('all') ? shared.adapter : inMemory)));
    array = shared.array();
  });

  test('every check passes, and says that the fault was interposed', () => {
    expect(results.map((r) => [r.id, r.verdict, r.reason])).toEqual(
      [...KINDS, 'slow.limit'].map((name) => [`transport.${name}`, 'passed', undefined]),
    );
    for (const { id, notes, findings } of results) {
      expect(findings).toEqual([]);
      const texts = notes.map((n) => n.text);
      expect(texts).toContainEqual(expect.stringMatching(/^transport-\w+ of \S+ by the interposed route$/));
      const code = ENDS[id.replace('transport.', '')];
      if (code !== undefined) expect(texts).toContain(`the call ended with ${code}`);
      expect(notes.filter((n) => n.kind === 'clean-up')).toEqual([]);
    }
  });

  test('what a spoilt call had made is gone again', () => {
    if (array !== undefined) expect(array.truth()).toBe(before);
  });
});

test('elsewhere the checks are not applicable', async () => {
  const results = await runChecks(spec('in-memory'), { suites: ['transport'] });
  expect(new Set(results.map((r) => r.verdict))).toEqual(new Set(['not-applicable']));
});

describe('a defect is found', () => {
  const found = async (make: MakeOverrides, checks: readonly string[]): Promise<readonly CheckResult[]> => {
    const results = await run(overRest(await served(oneArray().adapter), make), checks);
    expect(results).toHaveLength(checks.length);
    return results;
  };
  const LOUD = ['transport.reset', 'transport.truncated', 'transport.malformed', 'transport.oversized'];
  const QUIET = LOUD.slice(1);

  test('a client that answers success by itself', async () => {
    const results = await found(() => ({ invoke: (_call, next) => next().catch(() => ({ hr: 0, out: {} })) }), LOUD);
    for (const r of results)
      expect(r, r.id).toMatchObject({
        verdict: 'error',
        code: 'VDSC_PROTOCOL',
        reason: expect.stringContaining('was answered although its answer was spoilt') as string,
        findings: [],
      });
  });

  test('a client that sends a call again', async () => {
    const again: MakeOverrides = () => ({
      invoke: (_call, next) =>
        next().catch(async (error: unknown) => {
          await next();
          throw error;
        }),
    });
    for (const r of await found(again, QUIET))
      expect(r, r.id).toMatchObject({
        verdict: 'error',
        reason: expect.stringContaining('was carried out 2 times') as string,
      });
  });

  test('a client that takes it for a crash', async () => {
    const results = await found(
      () => ({
        invoke: (_call, next) =>
          next().catch(() => {
            throw new ProviderCrashed('gone');
          }),
      }),
      LOUD,
    );
    for (const r of results)
      expect(r, r.id).toMatchObject({
        verdict: 'error',
        reason: expect.stringContaining('ended with VDSC_CRASHED and should with') as string,
      });
  });

  test('a gateway that loses something else with the answer', async () => {
    const loses =
      (array: () => StorageArray | undefined): MakeOverrides =>
      () => ({
        invoke: (_call, next) =>
          next().catch((error: unknown) => {
            for (const s of array()?.connected() ?? []) s.friendlyName = 'lost';
            throw error;
          }),
      });
    for (const id of [...LOUD, 'transport.slow.limit']) {
      const shared = oneArray();
      const [result] = await run(overRest(await served(shared.adapter), loses(shared.array)), [id]);
      expect(result, id).toMatchObject({
        verdict: 'error',
        reason: expect.stringMatching(/friendlyName of \S+ is "lost"/) as string,
      });
    }
  });

  /** Milliseconds; one comes in five pieces, a tenth of a second apart. */
  const SLOW = 400;

  test('a client that garbles a slow answer', async () => {
    const garbled: MakeOverrides = () => ({
      methods: {
        'IVdsSubSystem.GetProperties': async (_call, next) => {
          const began = performance.now();
          const reply = await next();
          const { subSystemProp } = reply.out;
          return performance.now() - began > SLOW && typeof subSystemProp === 'object' && subSystemProp !== null
            ? { ...reply, out: { subSystemProp: { ...subSystemProp, id: '00000000-0000-0000-0000-00000000dead' } } }
            : reply;
        },
      },
    });
    const [slow] = await found(garbled, ['transport.slow']);
    expect(slow).toMatchObject({
      verdict: 'error',
      reason: expect.stringContaining('a slow answer reports the id') as string,
    });
  });
});
