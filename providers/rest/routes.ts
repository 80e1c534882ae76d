// The resources of the REST transport: one row for each thing that can be asked, read by the client to write a request
// and by the server to understand one. Nothing here knows a socket.
import { z } from 'zod';
import { parseGuid } from '../../src/contract/guid.js';
import type { Json } from '../../src/contract/codec.js';
import { allMethods } from '../../src/contract/tables.js';
import type { Operation } from '../../src/port/operations.js';

/**
 * The `protocol` in the answer of `GET /v1`. A change that an older client could not follow gets another number and
 * another first segment.
 */
export const PROTOCOL = 1;

export type Verb = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** Requests about sessions, which are not operations of the port. */
export type SessionResource = 'describe' | 'openSession' | 'closeSession' | 'listen';
export type RouteName = SessionResource | Operation['op'];

/** The members of an operation that travel in the body: all that its path does not say. */
type BodyOf<O extends Operation['op']> = Omit<Extract<Operation, { readonly op: O }>, 'op' | 'object' | 'method'>;

export interface Route {
  readonly verb: Verb;
  readonly path: string;
  /** Absent where the request has no body. */
  readonly body?: z.ZodObject;
}

const u32 = z.int().min(0).max(0xffffffff);
const guid = z.string().refine((text) => parseGuid(text) !== undefined, 'expected a GUID');

// Bodies whose members the codec checks by the contract are taken as they are: it says which parameter is wrong, and
// copying them here would double the work of every call.
const BODIES = {
  openSession: z.strictObject({ seed: z.string().max(1_000) }),
  setSinkAnswer: z.strictObject({ hr: u32 }) satisfies z.ZodType<BodyOf<'setSinkAnswer'>>,
  releaseAll: z.strictObject({ objects: z.array(z.int().positive()).max(10_000).readonly() }) satisfies z.ZodType<
    BodyOf<'releaseAll'>
  >,
  queryInterface: z.strictObject({ interface: z.string(), iid: guid }) satisfies z.ZodType<BodyOf<'queryInterface'>>,
  invoke: z.strictObject({
    args: z.custom<Json>((value) => value !== undefined, 'is missing'),
    nullOuts: z.array(z.string()).readonly().optional(),
  }) satisfies z.ZodType<{
    readonly args: Json;
    readonly nullOuts?: readonly string[] | undefined;
  }>,
};

const SESSION = '/v1/sessions/{session}';
const OBJECT = `${SESSION}/objects/{object}`;
const SESSION_AT = SESSION.split('/').indexOf('{session}');

/** Every resource. `{interface}/{method}` is a method of the contract, as IVdsLun/Extend. */
export const ROUTES: Readonly<Record<RouteName, Route>> = {
  describe: { verb: 'GET', path: '/v1' },
  openSession: { verb: 'POST', path: '/v1/sessions', body: BODIES.openSession },
  closeSession: { verb: 'DELETE', path: SESSION },
  listen: { verb: 'GET', path: `${SESSION}/events` },
  drainNotifications: { verb: 'POST', path: `${SESSION}/events/drain` },
  createInstance: { verb: 'POST', path: `${SESSION}/objects` },
  createSink: { verb: 'POST', path: `${SESSION}/sinks` },
  setSinkAnswer: { verb: 'PUT', path: `${SESSION}/sink-answer`, body: BODIES.setSinkAnswer },
  queryInterface: { verb: 'POST', path: `${OBJECT}/interfaces`, body: BODIES.queryInterface },
  addRef: { verb: 'POST', path: `${OBJECT}/references` },
  release: { verb: 'DELETE', path: `${OBJECT}/references` },
  releaseAll: { verb: 'POST', path: `${SESSION}/releases`, body: BODIES.releaseAll },
  identity: { verb: 'GET', path: `${OBJECT}/identity` },
  invoke: { verb: 'POST', path: `${OBJECT}/{interface}/{method}`, body: BODIES.invoke },
};

// ---- the client's direction: an operation becomes a request ----

interface Request {
  readonly verb: Verb;
  readonly path: string;
  readonly body: string | undefined;
}

/** A path cut where the values go, once, so that a call only joins strings. */
interface Cut {
  readonly verb: Verb;
  /** Between the session and the object; the whole rest where there is no object. */
  readonly before: string;
  readonly after: string;
  readonly members: readonly string[];
}

const CUTS = Object.fromEntries(
  Object.entries(ROUTES).map(([name, { verb, path, body }]): [string, Cut] => {
    const [before = '', after = ''] = path.replace(SESSION, '').replace('{interface}/{method}', '').split('{object}');
    return [name, { verb, before, after, members: Object.keys(body?.shape ?? {}) }];
  }),
) as Readonly<Record<RouteName, Cut>>;

const METHOD_PATHS: ReadonlyMap<string, string> = new Map(
  allMethods.map((m) => [m.fullName, `${m.interfaceName}/${m.name}`]),
);

/** The request for an operation. `session` is the session's own path, such as /v1/sessions/5e… */
export function toRequest(session: string, operation: Operation): Request {
  const { verb, before, after, members } = CUTS[operation.op];
  let path = session + before;
  if ('object' in operation) path += operation.object + after;
  if ('method' in operation) path += METHOD_PATHS.get(operation.method) ?? operation.method.replace('.', '/');
  if (members.length === 0) return { verb, path, body: undefined };
  const given = operation as unknown as Readonly<Record<string, Json | undefined>>;
  const content: Record<string, Json | undefined> = {};
  for (const member of members) content[member] = given[member];
  return { verb, path, body: JSON.stringify(content) };
}

/**
 * The path of a request that is not an operation. `base` is what lies before /v1 where a server is not at the root of
 * its host.
 */
export const pathOf = (resource: SessionResource, base: string, session = ''): string =>
  base + ROUTES[resource].path.replace('{session}', encodeURIComponent(session));

// ---- the server's direction: a request becomes a match, and with its body an operation ----

export interface Match {
  readonly name: RouteName;
  readonly route: Route;
  readonly session: string;
  readonly object: number;
  /** `IVdsLun.Extend`; empty where the resource is not a method. */
  readonly method: string;
}

/** No such resource; or not with this verb, and `allow` has those that it knows. */
interface NoMatch {
  readonly allow: readonly Verb[];
  readonly problem: string;
}

/** A path, and its resources by verb. */
interface Pattern {
  /** Undefined where a value stands. */
  readonly segments: readonly (string | undefined)[];
  readonly resources: Map<string, { readonly name: RouteName; readonly route: Route }>;
  /** Where its object's handle and its method's names stand; 0 where it has none. */
  readonly object: number;
  readonly method: number;
}

const BY_LENGTH: readonly (readonly Pattern[] | undefined)[] = (() => {
  const table: Pattern[][] = [];
  const known = new Map<string, Pattern>();
  for (const [name, route] of Object.entries(ROUTES)) {
    let pattern = known.get(route.path);
    if (pattern === undefined) {
      const segments = route.path.split('/');
      pattern = {
        segments: segments.map((segment) => (segment.startsWith('{') ? undefined : segment)),
        resources: new Map(),
        object: segments.indexOf('{object}') + 1,
        method: segments.indexOf('{interface}') + 1,
      };
      known.set(route.path, pattern);
      (table[segments.length] ??= []).push(pattern);
    }
    pattern.resources.set(route.verb, { name: name as RouteName, route });
  }
  return table;
})();

// This and match() run for every request: plain loops, since closures made them a twentieth of the server's work.
function fits(pattern: Pattern, given: readonly string[]): boolean {
  for (let i = 0; i < given.length; i++) {
    const segment = pattern.segments[i];
    if (segment === undefined ? given[i] === '' : segment !== given[i]) return false;
  }
  return true;
}

function find(given: readonly string[]): Pattern | undefined {
  for (const pattern of BY_LENGTH[given.length] ?? []) if (fits(pattern, given)) return pattern;
  return undefined;
}

const HANDLE = /^[1-9]\d{0,15}$/;
const nowhere = (problem: string): NoMatch => ({ allow: [], problem });

/** Finds the resource that `target`, a request's path, names. */
export function match(verb: string, target: string): Match | NoMatch {
  const query = target.indexOf('?');
  const given = (query === -1 ? target : target.slice(0, query)).split('/');
  const pattern = find(given);
  if (pattern === undefined) return nowhere('no such resource exists');
  let object = 0;
  let method = '';
  if (pattern.object !== 0) {
    const text = given[pattern.object - 1] ?? '';
    object = HANDLE.test(text) ? Number(text) : 0;
    if (object === 0 || !Number.isSafeInteger(object)) return nowhere(`"${text.slice(0, 40)}" is not an object handle`);
  }
  if (pattern.method !== 0) {
    method = `${given[pattern.method - 1]}.${given[pattern.method]}`;
    if (!METHOD_PATHS.has(method)) return nowhere(`the contract has no method ${method.slice(0, 80)}`);
  }
  const found = pattern.resources.get(verb);
  if (found === undefined)
    return { allow: [...pattern.resources.keys()] as Verb[], problem: `${verb} is not possible here` };
  return { name: found.name, route: found.route, session: given[SESSION_AT] ?? '', object, method };
}

/** The operation that a match and its checked body make; undefined for what belongs to the session. */
export function toOperation(
  { name, object, method }: Match,
  body: Readonly<Record<string, unknown>>,
): Operation | undefined {
  switch (name) {
    case 'describe':
    case 'openSession':
    case 'closeSession':
    case 'listen':
      return undefined;
    // The body's schema and the path hold exactly the members of the operation (BodyOf says so to the compiler, row by
    // row).
    default:
      return {
        op: name,
        ...(object === 0 ? {} : { object }),
        ...(method === '' ? {} : { method }),
        ...body,
      } as Operation;
  }
}
