// The table of device kinds as those need it who hold an object: which kind it is of by its interface, and which method tells its properties.
import { DEVICE_KINDS, PROVIDER_KIND } from '../contract/generated/objects.js';
import type { DeviceInterface, DeviceKindDef, DeviceSlug, PropertiesDef } from '../contract/objects.js';
import type { VdsObject } from './objects.js';

const byInterface: ReadonlyMap<string, DeviceKindDef> = new Map<string, DeviceKindDef>(Object.entries(DEVICE_KINDS));

const bySlug = new Map(Object.values(DEVICE_KINDS).map((kind): [string, DeviceKindDef] => [kind.slug, kind]));

/** The kind of device by its word in ids. */
export const kindBySlug = (slug: DeviceSlug): DeviceKindDef => bySlug.get(slug)!;

/** The method that tells the properties of a device or of the provider. Throws RangeError for an object that is not held by its own interface. */
export function propertiesDef({ interfaceName }: Pick<VdsObject, 'interfaceName'>): PropertiesDef {
  if (interfaceName === PROVIDER_KIND.interface) return PROVIDER_KIND.properties;
  const kind = byInterface.get(interfaceName as DeviceInterface);
  if (kind === undefined) throw new RangeError(`${interfaceName} is not the own interface of a kind of device`);
  return kind.properties[0];
}
