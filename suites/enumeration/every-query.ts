// Every method that returns an enumeration object, by the contract: its object, its counts, its empty list.
import {
  census,
  type Check,
  type Context,
  DEVICE_KINDS,
  displayName,
  QUERIES,
  queriesOf,
  type Query,
  type VdsObject,
} from '../../src/checks/index.js';
import { HR } from '../../src/contract/index.js';
import { enumeratorOf, emptyOwed, idsLeft } from './enumerators.js';

/** Every object of the system on which a query can be called; not applicable without one. */
async function calledOn(ctx: Context, query: Query): Promise<VdsObject[]> {
  const objects: VdsObject[] = [];
  for (const { object, kind } of [
    { object: ctx.system.hw as VdsObject, kind: 'IVdsHwProvider' as const },
    ...(await census(ctx, 'VDS-6.6a')),
  ]) {
    if (!queriesOf(kind).includes(query)) continue;
    const typed = await object.as(query.method.interfaceName as 'IVdsLun');
    if (typed !== null) objects.push(typed);
  }
  return objects.length > 0 ? objects : ctx.notApplicable(`no object of the system has ${query.method.interfaceName}`);
}

const ofQuery = (query: Query): Check => {
  const { method, lists } = query;
  const name = displayName(method.fullName);
  return {
    id: `enumeration.of.${method.fullName}`,
    title: `${name} lists ${DEVICE_KINDS[lists].name}s and nothing else; Reset and Clone begin where they should`,
    requirements: ['VDS-6.7a', emptyOwed(method.fullName), 'VDS-6.1', 'VDS-6.4', 'VDS-6.4b', 'VDS-6.5b', 'VDS-6.5c'],
    cost: { calls: 150, recoveries: 0 },
    async run(ctx) {
      for (const object of await calledOn(ctx, query)) {
        const enumerator = await enumeratorOf(ctx, object, query);
        const copy = ctx.duties.output('VDS-6.4b', await enumerator.clone(), 'enum');
        const ids = await idsLeft(ctx, enumerator, query);
        ctx.duties.noneTwice('VDS-6.5c', method.fullName, ids);
        ctx.duties.code('VDS-6.4', await enumerator.reset(), HR.S_OK, 'at the end of an enumeration');
        const again = await idsLeft(ctx, enumerator, query);
        ctx.duties.equal(
          'VDS-6.4',
          `the number of objects in the enumeration of ${name} after Reset`,
          again.length,
          ids.length,
        );
        ctx.duties.equal('VDS-6.5b', `what the enumeration of ${name} holds after Reset`, again, ids);
        ctx.duties.equal(
          'VDS-6.4b',
          `what a clone of the enumeration of ${name} holds`,
          (await idsLeft(ctx, copy, query)).sort(),
          [...ids].sort(),
        );
      }
    },
  };
};

export const everyQueryChecks: readonly Check[] = QUERIES.map(ofQuery);
