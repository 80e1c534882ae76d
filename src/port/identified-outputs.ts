// Where the answers of methods carry ids of objects: by them reports know which object is which.
import { DEVICE_KINDS, PROVIDER_KIND } from '../contract/generated/objects.js';
import type { Method, MethodName } from '../contract/tables.js';
import { KIND_BY_STRUCTURE } from './labels.js';

/** The methods that report the properties of the object on which they are called. */
const OWN_GETTERS: ReadonlySet<string> = new Set([
  PROVIDER_KIND.properties.getter,
  ...Object.values(DEVICE_KINDS).flatMap((kind) => kind.properties.map(({ getter }) => getter)),
]);

/** An out parameter that carries the id of an object. */
interface Identified {
  readonly param: string;
  /** The word for the kind of object. */
  readonly kind: string;
  /** Whether it is the object that was called, and not one that it tells of, as a controller does of its ports. */
  readonly isOwn: boolean;
}

/** Which out parameters of a method carry ids of objects: learnt as labels while calls pass. */
const identified = new Map<MethodName, readonly Identified[]>();
export function identifiedOutputs(called: Method): readonly Identified[] {
  let found = identified.get(called.fullName);
  if (found === undefined) {
    found = called.outs.flatMap((p) => {
      const kind = p.type.kind === 'struct' ? KIND_BY_STRUCTURE[p.type.name] : undefined;
      return kind === undefined ? [] : [{ param: p.name, kind, isOwn: OWN_GETTERS.has(called.fullName) }];
    });
    identified.set(called.fullName, found);
  }
  return found;
}
