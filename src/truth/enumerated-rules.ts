// Rules about single properties that are values of an enumeration, derived from the contract's structures.
import { DEVICE_KINDS } from '../contract/generated/objects.js';
import { goesWithStatus } from '../contract/health.js';
import type { DeviceInterface } from '../contract/objects.js';
import { enumerations, structure } from '../contract/tables.js';
import { formatValue } from '../port/show-value.js';
import { label, objectsOf } from './observation.js';
import { all, each, type Rule } from './rule.js';

interface Property {
  readonly kind: DeviceInterface;
  readonly member: string;
  /** Whether it stands in the second structure of properties. */
  readonly isSecond: boolean;
  readonly enumeration: string;
  /** The values that this kind of object may have, where its page says which. */
  readonly valid: readonly number[];
}

const PROPERTIES: readonly Property[] = (Object.keys(DEVICE_KINDS) as DeviceInterface[]).flatMap((kind) =>
  DEVICE_KINDS[kind].properties.flatMap(({ structure: name }, i) =>
    structure(name).fields.flatMap(({ name: member, type }) => {
      const enumeration = type.kind === 'enum' ? enumerations.get(type.name) : undefined;
      if (enumeration === undefined || enumeration.flags) return [];
      const { validHealth } = structure(name);
      const valid = (member === 'health' ? validHealth : undefined) ?? Object.values(enumeration.values);
      return [{ kind, member, isSecond: i > 0, enumeration: enumeration.name, valid }];
    }),
  ),
);

/** The properties of these names, of every kind that has them, are values of their enumerations. */
const known = (name: string, title: string, requirement: string, members: readonly string[]): Rule => ({
  name,
  title,
  requirement,
  judge: (observation) =>
    all(
      ...PROPERTIES.filter((p) => members.includes(p.member)).map(({ kind, member, isSecond, enumeration, valid }) =>
        each(objectsOf(observation, kind), (object) => {
          const holder = isSecond ? object.members['properties2'] : object.members;
          const value = (holder as Readonly<Record<string, unknown>> | undefined)?.[member];
          if (typeof value !== 'number') return undefined;
          return valid.includes(value) || (member === 'health' && goesWithStatus(kind, value, object.members['status']))
            ? ''
            : `${member} of ${label(object)} is ${formatValue(value)}, a value of ${enumeration} that it cannot have`;
        }),
      ),
    ),
});

/** Members of which a page calls UNKNOWN reserved. */
const RESERVED = [
  ['IVdsSubSystem', 'status'],
  ['IVdsLun', 'status'],
  ['IVdsLun', 'type'],
  ['IVdsLun', 'transitionState'],
  ['IVdsLunPlex', 'status'],
  ['IVdsLunPlex', 'type'],
  ['IVdsLunPlex', 'transitionState'],
] as const satisfies readonly (readonly [DeviceInterface, string])[];
const UNKNOWN = 0;

export const ENUMERATED_RULES: readonly Rule[] = [
  known('known-statuses', 'Each status that is reported is one of its enumeration', 'VDS-7.6c', ['status']),
  known(
    'known-health',
    'Each health and transition state that is reported is one that its kind of object has',
    'VDS-10.14',
    ['health', 'transitionState'],
  ),
  known('known-bus-types', 'The bus type of a drive is one of its enumeration', 'VDS-4.8b', ['busType']),
];

export const RESERVED_RULES: readonly Rule[] = [
  {
    name: 'reserved-values',
    title: 'No LUN or plex reports a value that is reserved',
    requirement: 'VDS-7.10b',
    judge: (observation) =>
      all(
        ...RESERVED.map(([kind, member]) =>
          each(objectsOf(observation, kind), (object) => {
            const value = object.members[member];
            if (typeof value !== 'number') return undefined;
            return value === UNKNOWN ? `${member} of ${label(object)} is UNKNOWN, which is reserved` : '';
          }),
        ),
      ),
  },
];
