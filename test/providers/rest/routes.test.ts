// The table of resources read both ways: what the client writes is what the server understands.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { allMethods } from '../../../src/contract/tables.js';
import type { Operation } from '../../../src/port/operations.js';
import { match, pathOf, ROUTES, toOperation, toRequest } from '../../../providers/rest/routes.js';

const object = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
const operation: fc.Arbitrary<Operation> = fc.oneof(
  fc.record({ op: fc.constantFrom('createInstance' as const, 'createSink' as const, 'drainNotifications' as const) }),
  fc.record({ op: fc.constant('releaseAll' as const), objects: fc.array(object) }),
  fc.record({ op: fc.constantFrom('addRef' as const, 'release' as const, 'identity' as const), object }),
  fc.record({ op: fc.constant('queryInterface' as const), object, iid: fc.uuid(), interface: fc.string() }),
  fc.record({ op: fc.constant('setSinkAnswer' as const), hr: fc.nat(0xffffffff) }),
  fc.record(
    {
      op: fc.constant('invoke' as const),
      object,
      method: fc.constantFrom(...allMethods.map((m) => m.fullName as string)),
      args: fc.jsonValue() as fc.Arbitrary<never>,
      nullOuts: fc.array(fc.string()),
    },
    { requiredKeys: ['op', 'object', 'method', 'args'] },
  ),
);

/** As the server reads a request. */
function understood(verb: string, path: string, body: string | undefined): Operation | undefined {
  const found = match(verb, path);
  if ('problem' in found) throw new Error(found.problem);
  return toOperation(found, found.route.body?.parse(JSON.parse(body ?? '')) ?? {});
}

describe('routes', () => {
  test('every operation arrives as it was sent', () => {
    fc.assert(
      fc.property(operation, (sent) => {
        const { verb, path, body } = toRequest(pathOf('closeSession', '', 'a b/c'), sent);
        expect(understood(verb, path, body)).toEqual(JSON.parse(JSON.stringify(sent)));
      }),
    );
  });

  test('every method of the contract has a path', () => {
    for (const { interfaceName, name, fullName } of allMethods) {
      expect(match('POST', `/v1/sessions/s/objects/1/${interfaceName}/${name}`)).toMatchObject({
        name: 'invoke',
        method: fullName,
        object: 1,
        session: 's',
      });
    }
  });

  test('a resource with another verb names those it has', () => {
    expect(match('PUT', '/v1/sessions/s/objects/1/references')).toMatchObject({ allow: ['POST', 'DELETE'] });
    for (const { path } of Object.values(ROUTES)) {
      const real = path
        .replace('{session}', 's')
        .replace('{object}', '1')
        .replace('{interface}', 'IVdsLun')
        .replace('{method}', 'Extend');
      const answer = match('PATCH', real);
      expect('allow' in answer && answer.allow.length).toBeGreaterThan(0);
    }
  });

  test.each([
    '',
    '/',
    '/v2',
    '/v1/',
    '/v1/session',
    '/v1/sessions/',
    '/v1/sessions/s/objects/',
    '/v1/sessions/s/objects/0/identity',
    '/v1/sessions/s/objects/-1/identity',
    '/v1/sessions/s/objects/1e3/identity',
    '/v1/sessions/s/objects/01/identity',
    '/v1/sessions/s/objects/9007199254740993/identity',
    '/v1/sessions/s/objects/1/IVdsLun/Explode',
    '/v1/sessions/s/objects/1/toString/constructor',
    '/v1/sessions/s/objects/1/__proto__/x',
    '/v1/sessions//events',
    '//v1',
    '*',
  ])('%j is nowhere', (path) => {
    for (const verb of ['GET', 'POST', 'DELETE']) expect(match(verb, path)).toMatchObject({ allow: [] });
  });

  test('a query is passed over', () => {
    expect(match('GET', '/v1?x=/y')).toMatchObject({ name: 'describe' });
  });
});
