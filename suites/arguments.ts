// What methods answer to arguments that are valid as far as their types can say: a documented code, a generic one, or success, whether the provider
// supports them or not (semantics.md 0.2 and 7.5).
import { defineSuite } from '../src/conformance/check.js';
import { plausibleArguments } from '../src/conformance/plausible-arguments.js';
import { adopt, LUN, methodsOf, PROVIDER, subject, SUB_SYSTEM, TARGET } from './generated/subjects.js';

export const suite = defineSuite('arguments', 'Arguments', [PROVIDER, SUB_SYSTEM, LUN, TARGET].map((kind) => ({
  id: `arguments.${kind.name}.permitted-answers`,
  title: `Every method of a ${kind.name} answers a code that it may answer, supported or not`,
  requirements: ['VDS-7.5'],
  cost: { calls: methodsOf(kind).length * 3, recoveries: 0 },
  async run(ctx) {
    for (const method of methodsOf(kind)) {
      // Each on an object of its own: one of the methods deletes it.
      const { object } = await subject(ctx, kind);
      const { object: typed } = await object.queryInterface(method.interfaceName);
      if (typed === null) continue;
      const result = await typed.call(method.fullName, plausibleArguments(method));
      await adopt(ctx, result);
      ctx.permitted('VDS-7.5', result, 'for arguments that are valid by their types');
    }
  },
})));
