// The harness on a transport that breaks down: the bytes of an answer are lost, changed or delayed on their way, after
// the call was carried out. The faults are interposed, so a finding here is one about the transport and the harness,
// and ends as an error of the run, never as a verdict about VDS. Owed: the call ends with a named error and a stable
// code; it is not sent again; the session, or a new one, goes on; nothing else changed.
import {
  type Check,
  compareInventories,
  describeDifference,
  type Context,
  defineSuite,
  HarnessError,
  type InjectedFault,
  type Inventory,
  ProviderProtocolError,
  type TransportFault,
  without,
} from '../src/checks/index.js';
import { NULL_GUID } from '../src/contract/index.js';

/** Milliseconds that no slow answer keeps to. */
const TOO_SHORT = 250;

const wrong = (problem: string): ProviderProtocolError =>
  new ProviderProtocolError(problem, {
    hint: 'The fault was interposed: this is a finding about the transport or the harness, not about the provider.',
  });

/** The error by which a call ended; undefined when it was answered. */
async function errorOf(call: () => Promise<unknown>): Promise<HarnessError | undefined> {
  try {
    await call();
    return undefined;
  } catch (error) {
    if (error instanceof HarnessError) return error;
    throw error;
  }
}

const lunsOf = (state: Inventory): readonly string[] => state.subSystems.flatMap((s) => s.luns.map((l) => l.id));

/**
 * Makes the call whose answer is spoilt, which must end with this code, and gives the session that goes on the way
 * back.
 */
async function mustEndWith(
  ctx: Context,
  kind: TransportFault,
  code: string,
  call: () => Promise<unknown>,
): Promise<InjectedFault> {
  const fault = await ctx.faults.inject({ kind, object: NULL_GUID });
  const error = await errorOf(call);
  const what = fault.struck?.();
  if (what === undefined) return ctx.inconclusive('no answer came that could be spoilt');
  if (error === undefined) throw wrong(`a call was answered although its answer was spoilt: ${what}`);
  if (error.code !== code)
    throw wrong(`a call whose answer was spoilt ended with ${error.code} and should with ${code}: ${error.message}`);
  ctx.note(`the call ended with ${error.code}`);
  await fault.heal();
  return fault;
}

/** Whether the system of before is there still; a session that ended is opened again. */
async function goesOn(ctx: Context): Promise<boolean> {
  const ended = ctx.session.broken !== undefined;
  if (ended) await ctx.system.restart();
  if (!ended || ctx.session.capabilities.persistent) return true;
  ctx.note(
    'the session ended with it and another was opened; as each has a system of its own, there is nothing to compare',
  );
  return false;
}

const spoilt = (kind: TransportFault, title: string, code: string): Check => ({
  id: `transport.${kind.replace('transport-', '')}`,
  title,
  requirements: [],
  capabilities: ['transportFaults'],
  faults: [kind],
  cost: { calls: 120, recoveries: 0 },
  async run(ctx) {
    const subSystem = await ctx.system.subSystem();
    const before = await ctx.system.inventory('VDS-5.3');
    await mustEndWith(ctx, kind, code, () => ctx.make.startLun(subSystem));
    const comparable = await goesOn(ctx);
    // Operations are carried out in turn, so that one sent again would be done by the time that this one is.
    const own = await ctx.make.lun(await ctx.system.subSystem());
    const after = await ctx.system.inventory('VDS-5.3');
    if (!comparable) return;
    const made = lunsOf(after).filter((id) => !lunsOf(before).includes(id));
    for (const id of made) if (id !== own.id) ctx.make.deleteOnCleanUp(id, 'lun');
    const times = made.length - 1;
    if (times > 1) throw wrong(`a CreateLun whose answer was spoilt was carried out ${times} times`);
    const [difference] = compareInventories(before, without(after, made));
    if (difference !== undefined)
      throw wrong(`after a spoilt answer the ${describeDifference(difference)}, as it was before`);
  },
});

export const suite = defineSuite('transport', 'A transport that breaks down', [
  spoilt(
    'transport-reset',
    'A connection that is reset before its answer ends the session with a named error, and another goes on',
    'VDSC_UNREACHABLE',
  ),
  spoilt(
    'transport-truncated',
    'Half an answer ends the call with a named error, and nothing is sent again',
    'VDSC_PROTOCOL',
  ),
  spoilt(
    'transport-malformed',
    'An answer that is not JSON ends the call with a named error, and nothing is sent again',
    'VDSC_PROTOCOL',
  ),
  spoilt(
    'transport-oversized',
    'An answer without end ends the call with a named error, and nothing is sent again',
    'VDSC_PROTOCOL',
  ),
  {
    id: 'transport.slow',
    title: 'A slow answer is waited for, and is the right one',
    requirements: [],
    capabilities: ['transportFaults'],
    faults: ['transport-slow'],
    cost: { calls: 60, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const before = await ctx.system.inventory('VDS-5.3');
      const { id } = ctx.duties.output('VDS-7.9', await subSystem.getProperties(), 'subSystemProp');
      const fault = await ctx.faults.inject({ kind: 'transport-slow', object: NULL_GUID });
      const answer = await subSystem.getProperties();
      if (fault.struck?.() === undefined) ctx.inconclusive('no answer came that could be slowed down');
      const told = ctx.duties.output('VDS-7.9', answer, 'subSystemProp').id;
      if (told !== id) throw wrong(`a slow answer reports the id ${told}, and a quick one ${id}`);
      await fault.heal();
      const [difference] = compareInventories(before, await ctx.system.inventory('VDS-5.3'));
      if (difference !== undefined)
        throw wrong(`after a slow answer the ${describeDifference(difference)}, as it was before`);
    },
  },
  {
    id: 'transport.slow.limit',
    title: 'An answer that is slower than its limit ends the session as hung, and another goes on',
    requirements: [],
    capabilities: ['transportFaults'],
    faults: ['transport-slow'],
    cost: { calls: 90, recoveries: 0 },
    async run(ctx) {
      const subSystem = await ctx.system.subSystem();
      const before = await ctx.system.inventory('VDS-5.3');
      await mustEndWith(ctx, 'transport-slow', 'VDSC_HUNG', () => subSystem.getProperties({ limit: TOO_SHORT }));
      if (!(await goesOn(ctx))) {
        await ctx.system.inventory('VDS-5.3');
        return;
      }
      const [difference] = compareInventories(before, await ctx.system.inventory('VDS-5.3'));
      if (difference !== undefined)
        throw wrong(`in the session after a hang the ${describeDifference(difference)}, as it was before`);
    },
  },
]);
