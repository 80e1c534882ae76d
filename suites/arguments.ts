// Answers of methods to arguments, good and bad (semantics.md 0.2, 7.2 and 7.5). One check for each method and kind of
// bad input, from the contract: a report names the method that takes what it must refuse.
import {
  BAD_INPUT,
  type BadInput,
  type BadInputKind,
  type Check,
  type Context,
  defineSuite,
  displayName,
  plausibleArguments,
  refusesAnyRequest,
  type IVdsAsync,
  type Result,
  VdsObject,
  watchValues,
} from '../src/checks/index.js';
import { failed, formatHresult, HR, type Method } from '../src/contract/index.js';
import { make, SUBJECTS, type ArgumentSubject } from './arguments/subjects.js';
import { adopt, cellId, methodsOf, SUB_SYSTEM } from './products/subjects.js';

async function typedSubject(ctx: Context, subject: ArgumentSubject, method: Method): Promise<VdsObject> {
  return ctx.system.optional(await make(ctx, subject), method.interfaceName as 'IVdsLun');
}

/** No requirement states one code for the input. */
const isOpen = ({ required, mayTake }: BadInput): boolean => required === undefined || mayTake === true;

/** The requirement that a success breaks, where none states a code. */
const refusedBy = ({ required, mayTake, refusedBy: by = 'VDS-0.2e' }: BadInput): readonly string[] =>
  required === undefined && mayTake !== true ? [by] : [];

/** The result of an operation that has begun, which says whether the method has taken what it was given. */
async function endOf({ out }: Result<Record<string, unknown>>): Promise<number | undefined> {
  const operation = out['async'];
  const hr = operation instanceof VdsObject ? (await (operation as IVdsAsync).wait()).out.hrResult : undefined;
  return typeof hr === 'number' ? hr : undefined;
}

const badInputCheck = (subject: ArgumentSubject, method: Method, kind: BadInputKind): Check => ({
  id: `arguments.${kind.name}.${cellId(subject.kind, method)}`,
  title:
    `${kind.title} ${displayName(method.fullName)} of a ` +
    `${subject.kind.name}${kind.changesNothing ? ', and changes nothing' : ''}`,
  requirements: [
    ...new Set([
      ...(kind.of(method).some(isOpen) ? ['VDS-0.2c'] : []),
      ...(kind.of(method).some(({ mayTake }) => mayTake === true) ? ['VDS-0.2a'] : []),
      ...kind.of(method).flatMap(refusedBy),
      ...(kind.changesNothing ? ['VDS-0.2b'] : []),
      ...kind.of(method).flatMap(({ required, best }) => [required, best].flatMap((each) => each?.requirement ?? [])),
    ]),
  ],
  effort: 'standard',
  generated: true,
  cost: { calls: 20 + 2 * kind.of(method).length, recoveries: 0 },
  async run(ctx) {
    const object = await typedSubject(ctx, subject, method);
    const unchanged = kind.changesNothing ? await watchValues(ctx) : undefined;
    for (const input of kind.of(method)) {
      const { what, args, required, mayTake, best } = input;
      const [by = 'VDS-0.2e'] = refusedBy(input);
      const result = await object.call(method.fullName, await ctx.make.keptToScope(method, args));
      await adopt(ctx, result);
      const ends = kind.mayFailLater === true ? await endOf(result) : undefined;
      if (ends !== undefined && failed(ends)) {
        await unchanged?.(`after ${displayName(method.fullName)} of ${what} had failed`, result);
        continue;
      }
      if (mayTake === true) ctx.duties.permitted('VDS-0.2a', result, `for ${what}`);
      else if (refusesAnyRequest(result.hr)) ctx.duties.permitted(required?.requirement ?? by, result, `for ${what}`);
      else if (required !== undefined) ctx.duties.code(required.requirement, result, required.codes, `for ${what}`);
      else if (ctx.duties.refused(by, result, `for ${what}`) && best !== undefined)
        ctx.duties.code(best.requirement, result, best.codes, `for ${what}`);
      if (failed(result.hr)) await unchanged?.(`after ${displayName(method.fullName)} had refused ${what}`, result);
    }
  },
});

/** A method that makes something: without its IVdsAsync, what it made would not be found again to be deleted. */
const makes = (method: Method): boolean => method.name.startsWith('Create');

const nullOutCheck = (subject: ArgumentSubject, method: Method): Check => ({
  id: `arguments.null-out.${cellId(subject.kind, method)}`,
  title:
    `${displayName(method.fullName)} of a ${subject.kind.name} survives NULL for each of its outputs, and does not ` +
    'answer success without one that is required',
  requirements: ['VDS-2.7', 'VDS-13.5'],
  capabilities: ['nullOuts'],
  effort: 'standard',
  generated: true,
  cost: { calls: 12 + method.outs.length, recoveries: 0 },
  async run(ctx) {
    const object = await typedSubject(ctx, subject, method);
    for (const out of method.outs) {
      const result = await object.call(
        method.fullName,
        await ctx.make.keptToScope(method, plausibleArguments(method)),
        { nullOuts: [out.name] },
      );
      await adopt(ctx, result);
      // Which code refuses it is open (semantics.md 0.4), so any failure passes.
      ctx.note(`NULL as ${out.vdsName}: ${formatHresult(result.hr)}`);
      if (!out.nullable)
        ctx.duties.holds(
          'VDS-13.5',
          // S_FALSE, where the page has it, says that there is nothing to hand out.
          failed(result.hr) || (result.hr === HR.S_FALSE && method.codes.includes('S_FALSE')),
          `${displayName(method.fullName)} answered ${formatHresult(result.hr)} although ${out.vdsName} is NULL, so ` +
            'that there was nowhere to put the output',
          result,
        );
    }
    // A method that was refused for its NULL must still answer.
    const again = await object.call(method.fullName, await ctx.make.keptToScope(method, plausibleArguments(method)));
    await adopt(ctx, again);
    ctx.duties.permitted('VDS-2.7', again, 'after a call with NULL for an output');
  },
});

export const suite = defineSuite('arguments', 'Arguments', [
  ...SUBJECTS.map((subject): Check => ({
    id: `arguments.${subject.kind.name}.permitted-answers`,
    title: `Every method of a ${subject.kind.name} answers a code that it may answer, supported or not`,
    requirements: ['VDS-0.2a'],
    cost: { calls: methodsOf(subject.kind).length * 4, recoveries: 0 },
    async run(ctx) {
      for (const method of methodsOf(subject.kind)) {
        // A controller that is reset, or a drive whose flags change, may be somebody's.
        if (
          subject.existing === true &&
          subject.kind !== SUB_SYSTEM &&
          method.outs.length === 0 &&
          !ctx.session.capabilities.disposable
        )
          continue;
        // Each on an object of its own: one of the methods deletes it.
        const { object: typed } = await (await make(ctx, subject)).queryInterface(method.interfaceName);
        if (typed !== null) {
          const args = await ctx.make.keptToScope(method, plausibleArguments(method));
          const result = await typed.call(method.fullName, args);
          await adopt(ctx, result);
          ctx.duties.permitted('VDS-0.2a', result, 'for arguments that are valid by their types');
        }
        // Together they would take more room than a small array has.
        await ctx.cleanUpSoFar();
      }
    },
  })),
  ...SUBJECTS.flatMap((subject) =>
    methodsOf(subject.kind).flatMap((method) => [
      ...BAD_INPUT.filter((kind) => kind.of(method).length > 0).map((kind) => badInputCheck(subject, method, kind)),
      ...(method.outs.length > 0 && !makes(method) ? [nullOutCheck(subject, method)] : []),
    ]),
  ),
]);
