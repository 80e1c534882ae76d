// Rules about who a provider and its objects say that they are: types and versions, names and identifications.
import {
  VDS_HWPROVIDER_TYPE,
  VDS_INTERCONNECT_FLAG,
  VDS_PROVIDER_FLAG,
  VDS_PROVIDER_TYPE,
  VDS_SUB_SYSTEM_FLAG as SF,
  VDS_VERSION_SUPPORT_FLAG,
} from '../contract/generated/enumerations.js';
import type { VDS_LUN_INFORMATION } from '../contract/generated/structures.js';
import { everyFlag } from '../contract/flags.js';
import { NULL_GUID } from '../contract/guid.js';
import { looksLikeIscsiName } from '../contract/iscsi-name.js';
import { INTERFACES_OF_TYPES } from '../contract/provider-types.js';
import { formatValue } from '../port/show-value.js';
import { label, objectsOf, type Observation } from './observation.js';
import { each, within, type Rule } from './rule.js';

/** A rule about one value of the provider's own, where it is reported; '' where it is right. */
const ofProvider = (
  name: string,
  title: string,
  requirement: string,
  member: string,
  judge: (value: unknown, observation: Observation) => string,
): Rule => ({
  name,
  title,
  requirement,
  judge: (observation) => {
    const value = observation.provider[member];
    return each(value === undefined ? [] : [value], (each) => judge(each, observation));
  },
});

/** Flags are some of an enumeration's, and at least one. */
const someOf = (what: string, flags: Readonly<Record<string, number>>) => {
  const known = everyFlag(flags);
  return (value: unknown): string =>
    typeof value === 'number' && value !== 0 && (value & ~known) === 0
      ? ''
      : `${what} are ${formatValue(value)}, and the flags are within 0x${known.toString(16)}`;
};

/** The texts by which a LUN is told from others. */
const TEXTS = ['vendorId', 'productId', 'productRevision', 'serialNumber'] as const;

const informationOf = (observation: Observation) =>
  objectsOf(observation, 'IVdsLun').flatMap((lun) => {
    const info = lun.members['identificationData'] as VDS_LUN_INFORMATION | undefined;
    return info === undefined ? [] : [{ lun, info }];
  });

const identityIn = ({ vendorId, productId, serialNumber, deviceIdDescriptor }: VDS_LUN_INFORMATION): string =>
  JSON.stringify([
    vendorId,
    productId,
    serialNumber,
    (deviceIdDescriptor.identifiers ?? []).map(({ identifier }) => [...(identifier ?? [])]),
  ]);

export const IDENTITY_RULES: readonly Rule[] = [
  ofProvider('provider-type', 'The provider is a hardware provider', 'VDS-3.2a', 'type', (type) =>
    type === VDS_PROVIDER_TYPE.VDS_PT_HARDWARE ? '' : `the provider reports type ${formatValue(type)}`,
  ),
  ofProvider('provider-name', 'The provider has a name', 'VDS-3.2c', 'name', (name) =>
    name !== null && name !== '' ? '' : `the provider reports ${formatValue(name)} as its name`,
  ),
  ofProvider('provider-version', 'The provider has a version', 'VDS-3.2c', 'version', (version) =>
    version !== null ? '' : 'the provider reports NULL as its version',
  ),
  ofProvider('provider-version-id', 'The version of the provider has an id', 'VDS-3.11', 'versionId', (id) =>
    id !== NULL_GUID ? '' : 'the provider reports GUID_NULL as the id of its version',
  ),
  ofProvider('provider-flags', 'The provider has no flags of software providers', 'VDS-3.11', 'flags', (flags) =>
    typeof flags === 'number' && (flags & ~VDS_PROVIDER_FLAG.VDS_PF_INTERNAL_HARDWARE_PROVIDER) === 0
      ? ''
      : `the provider reports the flags ${formatValue(flags)}`,
  ),
  ofProvider('provider-id', 'The provider has an id', 'VDS-4.2a', 'providerId', (id) =>
    id === NULL_GUID ? 'the provider reports GUID_NULL as its id' : '',
  ),
  ofProvider(
    'provider-id-of-its-own',
    'No object has the id of the provider',
    'VDS-4.2d',
    'providerId',
    (id, { objects }) => {
      const other = objects.get(String(id));
      return other === undefined ? '' : `the provider has the id of the ${label(other)}`;
    },
  ),
  ofProvider(
    'version-support',
    'The versions of VDS that a provider supports are some that there are',
    'VDS-3.3a',
    'versionSupport',
    someOf('the versions that the provider supports', VDS_VERSION_SUPPORT_FLAG),
  ),
  ofProvider(
    'provider-kind',
    'The type of hardware provider is one of its enumeration',
    'VDS-3.3c',
    'providerType',
    (type) =>
      (Object.values(VDS_HWPROVIDER_TYPE) as readonly unknown[]).includes(type)
        ? ''
        : `GetProviderType answers ${formatValue(type)}, which VDS_HWPROVIDER_TYPE does not have`,
  ),
  {
    name: 'interconnects',
    title: 'The interconnects that a subsystem supports are some that there are',
    requirement: 'VDS-3.9',
    judge: (observation) =>
      each(objectsOf(observation, 'IVdsSubSystem'), (subSystem) => {
        const flags = subSystem.members['supportedInterconnects'];
        return flags === undefined
          ? undefined
          : someOf(`the interconnects of the ${label(subSystem)}`, VDS_INTERCONNECT_FLAG)(flags);
      }),
  },
  {
    name: 'subsystem-identification',
    title: 'Each subsystem has an identification',
    requirement: 'VDS-7.9',
    judge: (observation) =>
      each(objectsOf(observation, 'IVdsSubSystem'), (subSystem) => {
        const { identification } = subSystem.members;
        if (identification === undefined) return undefined;
        return identification !== null ? '' : `the identification of the ${label(subSystem)} is NULL`;
      }),
  },
  {
    name: 'iscsi-names',
    title: 'Each target has a valid iSCSI name',
    requirement: 'VDS-7.9c',
    judge: (observation) =>
      each(objectsOf(observation, 'IVdsIscsiTarget'), (target) => {
        const { iscsiName } = target.members;
        if (iscsiName === undefined) return undefined;
        return typeof iscsiName === 'string' && looksLikeIscsiName(iscsiName)
          ? ''
          : `${label(target)} has the name ${formatValue(iscsiName)}, which is no valid iSCSI name`;
      }),
  },
  {
    name: 'lun-identified',
    title: 'Each LUN has an identification',
    requirement: 'VDS-10.23',
    judge: (observation) =>
      each(objectsOf(observation, 'IVdsLun'), (lun) => {
        const { identification } = lun.members;
        if (identification === undefined) return undefined;
        return identification !== null && identification !== '' ? '' : `${label(lun)} has no identification`;
      }),
  },
  {
    name: 'identification-data',
    title: 'The identification data of a LUN are of version 1, and what it does not have is NULL',
    requirement: 'VDS-10.18a',
    judge: (observation) =>
      each(informationOf(observation), ({ lun, info }) => {
        if (info.version !== 1) return `the identification data of the ${label(lun)} are of version ${info.version}`;
        const empty = TEXTS.find((name) => info[name] === '');
        return empty === undefined ? '' : `${empty} in the identification data of the ${label(lun)} is an empty string`;
      }),
  },
  {
    name: 'identification-data-of-its-own',
    title: 'The identification data of a LUN are those of no other',
    requirement: 'VDS-10.18c',
    judge: (observation) => {
      const seen = new Map<string, string>();
      return each(informationOf(observation), ({ lun, info }) => {
        const identity = identityIn(info);
        const other = seen.get(identity);
        seen.set(identity, label(lun));
        return other === undefined ? '' : `the identification data of the ${label(lun)} are those of the ${other}`;
      });
    },
  },
  {
    name: 'interconnects-of-luns',
    title: 'The identification data of a LUN leave interconnects to others',
    requirement: 'VDS-10.18b',
    judge: (observation) =>
      each(informationOf(observation), ({ lun, info }) =>
        info.numberOfInterconnects === 0
          ? ''
          : `the identification data of the ${label(lun)} have ${info.numberOfInterconnects} interconnects`,
      ),
  },
  {
    name: 'identifier-counts',
    title: 'The identification data of a LUN have as many identifiers as they say',
    requirement: 'VDS-12.2b',
    judge: (observation) =>
      each(informationOf(observation), ({ lun, info: { deviceIdDescriptor: told } }) =>
        (told.identifiers ?? []).length === told.numberOfIdentifiers
          ? ''
          : `the identification data of the ${label(lun)} say ${told.numberOfIdentifiers} identifiers, and have ` +
            `${(told.identifiers ?? []).length}`,
      ),
  },
  {
    name: 'lun-numbers',
    title: 'No two LUNs of a subsystem have one number',
    requirement: 'VDS-4.6',
    judge: (observation) =>
      each(objectsOf(observation, 'IVdsSubSystem'), (subSystem) => {
        const numbers = within(observation, 'IVdsLun', subSystem).flatMap((l) => l.members['lunNumber'] ?? []);
        if (numbers.length === 0) return undefined;
        const twice = numbers.find((number, i) => numbers.indexOf(number) !== i);
        return twice === undefined ? '' : `two LUNs of the ${label(subSystem)} have the number ${formatValue(twice)}`;
      }),
  },
  {
    name: 'lun-numbers-promised',
    title: 'Where a subsystem says that it numbers its LUNs, each of them has IVdsLunNumber',
    requirement: 'VDS-4.6',
    judge: (observation) =>
      each(objectsOf(observation, 'IVdsLun'), (lun) => {
        const flags = observation.objects.get(lun.container ?? '')?.members['flags'];
        const has = lun.interfaces?.get('IVdsLunNumber');
        if (typeof flags !== 'number' || (flags & SF.VDS_SF_SUPPORTS_LUN_NUMBER) === 0 || has === undefined)
          return undefined;
        return has === null ? `${label(lun)} has no IVdsLunNumber, and its subsystem numbers its LUNs` : '';
      }),
  },
  ...INTERFACES_OF_TYPES.map(({ type, word, requirement, interfaces }): Rule => ({
    name: `interfaces-of-${word}`,
    title: `The objects of a provider of type ${word} have the interfaces that it obliges them to have`,
    requirement,
    judge: (observation) =>
      each(observation.provider['providerType'] === type ? interfaces : [], ([kind, name]) => {
        const asked = objectsOf(observation, kind).filter((o) => o.interfaces?.has(name) === true);
        if (asked.length === 0) return undefined;
        const wrong = asked.find((o) => o.interfaces?.get(name) === null);
        return wrong === undefined
          ? ''
          : `${label(wrong)} has no ${name}, which the type of its provider obliges it to have`;
      }),
  })),
];
