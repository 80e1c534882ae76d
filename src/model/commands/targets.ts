// iSCSI targets: making, deleting, naming them, and their secrets.
import { VDS_SUB_SYSTEM_FLAG as SF } from '../../contract/generated/enumerations.js';
import { isBeginningOf } from '../../contract/friendly-name.js';
import { HR } from '../../contract/hresult.js';
import { parseGuid } from '../../contract/guid.js';
import { OF_THE_LAB } from '../../contract/want-of-room.js';
import { looksLikeIscsiName, nameClasses } from '../../contract/iscsi-name.js';
import { command, type Command, type Target } from '../command.js';
import { Expected } from '../expected.js';
import { idsIn } from '../state.js';
import { namingCommands } from './names.js';

const MOST_TARGETS = 5;

const isOwn = ({ item, knowledge }: Target): boolean => knowledge.own.has(item.id);

/** Whether another target may be made there: tours are about changes, and not about how many a subsystem holds. */
const hasRoomForTargets = ({ state, subSystem, knowledge }: Target): boolean =>
  state.ofKind('IVdsIscsiTarget', subSystem).filter((t) => knowledge.own.has(t.id)).length < MOST_TARGETS;

/** The LUNs that are associated with a target, by what they report. */
const lunsOf = ({ state, item, subSystem }: Target): number =>
  state.ofKind('IVdsLun', subSystem).filter((l) => idsIn(l.members['associatedTargets']).includes(item.id)).length;

const secret = (length: number): object => ({
  sharedSecret: new Uint8Array(length).fill(0x61),
  sharedSecretSize: length,
});

/** iSCSI names are compared without regard to case. */
const nameLike = (given: string | null): Expected =>
  given === null || given === ''
    ? new Expected('an iSCSI name', (name) => typeof name === 'string' && looksLikeIscsiName(name))
    : new Expected(given, (name) => String(name).toLowerCase() === given.toLowerCase());

/** The page of CreateTarget has no code for an alias that was shortened. */
const aliasOf = (given: string): Expected =>
  new Expected(
    `${JSON.stringify(given)}, or its beginning`,
    (actual) => actual === given || (typeof actual === 'string' && isBeginningOf(actual, given)),
  );

const OF_MAKING = { of: ['VDS-11.1', 'VDS-10.13b'], by: () => 'VDS-11.1' } as const;

/** The values of a new target, whose name was given or made up by the provider. */
const newTarget: Command['effect'] = (draft, { args }, { made }, { subSystem, knowledge }) => {
  if (made === undefined) return;
  draft.add({
    kind: 'IVdsIscsiTarget',
    id: made,
    parent: subSystem,
    members: {
      iscsiName: nameLike(args['iscsiName'] as string | null),
      friendlyName: aliasOf(args['friendlyName'] as string),
      chapEnabled: knowledge.asEver('target chapEnabled'),
      associatedLuns: [],
    },
  });
  draft.open.add(made);
};

export const TARGET_COMMANDS: readonly Command[] = [
  command({
    name: 'create-target',
    method: 'IVdsSubSystemIscsi.CreateTarget',
    on: 'IVdsSubSystem',
    requirement: OF_MAKING,
    touches: ['targets', 'name'],
    requests: (subSystem) => {
      if (!hasRoomForTargets(subSystem)) return [];
      const { state, knowledge } = subSystem;
      const { uniqueIscsiName, uniqueName } = knowledge.options;
      const friendlyName = uniqueName();
      const fresh = uniqueIscsiName();
      const taken = new Set(state.ofKind('IVdsIscsiTarget').map((t) => String(t.members['iscsiName']).toLowerCase()));
      const spent = knowledge.spentNames.find((name) => !taken.has(name.toLowerCase()));
      return [
        { args: { iscsiName: fresh, friendlyName }, how: 'under a new name', iscsiName: fresh },
        ...(spent === undefined
          ? []
          : [
              {
                args: { iscsiName: spent, friendlyName },
                how: 'under the name of one that was deleted',
                iscsiName: spent,
              },
            ]),
        // Both mean that the provider makes up a name.
        { args: { iscsiName: null, friendlyName }, how: 'without an iSCSI name' },
        { args: { iscsiName: '', friendlyName }, how: 'with an empty iSCSI name' },
      ];
    },
    effect: newTarget,
  }),
  command({
    name: 'create-classed-target',
    method: 'IVdsSubSystemIscsi.CreateTarget',
    on: 'IVdsSubSystem',
    requirement: OF_MAKING,
    touches: ['targets', 'name'],
    // A provider may refuse a class of names.
    requests: (subSystem) => {
      if (!hasRoomForTargets(subSystem)) return [];
      const { uniqueIscsiName, uniqueName } = subSystem.knowledge.options;
      const fresh = uniqueIscsiName();
      const friendlyName = uniqueName();
      return nameClasses(fresh).map(({ iscsiName, how }) => ({ args: { iscsiName, friendlyName }, how, iscsiName }));
    },
    effect: newTarget,
  }),
  command({
    name: 'create-taken-target',
    method: 'IVdsSubSystemIscsi.CreateTarget',
    on: 'IVdsSubSystem',
    requirement: 'VDS-11.1',
    touches: ['targets', 'name'],
    requests: ({ state, knowledge }) =>
      state
        .ofKind('IVdsIscsiTarget')
        .filter((t) => knowledge.own.has(t.id) && t.members['iscsiName'] !== '')
        .slice(0, 1)
        .map((t) => ({
          args: { iscsiName: t.members['iscsiName'], friendlyName: 'taken' },
          how: 'under a name that another has',
        })),
    refusal: {
      requirement: 'VDS-11.1',
      codes: [HR.VDS_E_NAME_NOT_UNIQUE, HR.VDS_E_NOT_SUPPORTED, ...OF_THE_LAB],
      because: 'for a name that a target has',
    },
  }),
  command({
    name: 'delete-target',
    method: 'IVdsIscsiTarget.Delete',
    on: 'IVdsIscsiTarget',
    requirement: 'VDS-11.2a',
    touches: ['targets', 'associations', 'import target', 'portal groups'],
    requests: (target) => (isOwn(target) && lunsOf(target) === 0 ? [{ args: {}, how: '' }] : []),
    effect: (draft, _request, _outcome, { item }) => {
      const name = String(item.members['iscsiName']).toLowerCase();
      const namesIt = (value: unknown): boolean =>
        typeof value === 'string' && (value.toLowerCase() === name || parseGuid(value) === item.id);
      draft.remove(item.id);
      // No page says what becomes of a setting that names it: it stays or goes, and names nothing else.
      for (const subSystem of draft.ofKind('IVdsSubSystem')) {
        const value = subSystem.members['importTarget'];
        if (typeof value === 'string' && namesIt(value))
          draft.set(
            subSystem.id,
            'importTarget',
            new Expected(
              `${value} or none`,
              (actual) => actual === null || String(actual).toLowerCase() === value.toLowerCase() || namesIt(actual),
            ),
          );
      }
    },
  }),
  command({
    name: 'delete-target-in-use',
    method: 'IVdsIscsiTarget.Delete',
    on: 'IVdsIscsiTarget',
    requirement: 'VDS-11.2b',
    touches: ['targets', 'associations'],
    requests: (target) => (isOwn(target) && lunsOf(target) > 0 ? [{ args: {}, how: '' }] : []),
    refusal: {
      requirement: 'VDS-11.2b',
      codes: [HR.VDS_E_ASSOCIATED_LUNS_EXIST],
      because: 'while a LUN is associated with the target',
    },
  }),
  ...namingCommands('name-target', 'IVdsIscsiTarget.SetFriendlyName', 'IVdsIscsiTarget', isOwn),
  command({
    name: 'set-secret',
    method: 'IVdsIscsiTarget.SetSharedSecret',
    on: 'IVdsIscsiTarget',
    requirement: 'VDS-11.5e',
    touches: ['secret'],
    promised: { flag: SF.VDS_SF_SUPPORTS_AUTH_CHAP, requirement: 'VDS-11.6b' },
    allowedBy: 'VDS-11.5a',
    requests: (target) =>
      isOwn(target)
        ? [12, 16].map((length) => ({
            args: { targetSharedSecret: secret(length), initiatorName: null },
            how: `to ${length} bytes`,
          }))
        : [],
    effect: (draft, _request, _outcome, { item }) => draft.set(item.id, 'chapEnabled', true),
  }),
  command({
    name: 'clear-secret',
    method: 'IVdsIscsiTarget.SetSharedSecret',
    on: 'IVdsIscsiTarget',
    requirement: 'VDS-11.5e',
    touches: ['secret'],
    promised: { flag: SF.VDS_SF_SUPPORTS_AUTH_CHAP, requirement: 'VDS-11.6b' },
    allowedBy: 'VDS-11.5d',
    requests: (target) =>
      isOwn(target)
        ? [{ args: { targetSharedSecret: { sharedSecret: null, sharedSecretSize: 0 }, initiatorName: null }, how: '' }]
        : [],
    effect: (draft, _request, _outcome, { item, knowledge }) =>
      knowledge.secretsForOne.has(item.id)
        ? draft.release(item.id, 'chapEnabled')
        : draft.set(item.id, 'chapEnabled', knowledge.asEver('target chapEnabled')),
  }),
  command({
    name: 'set-secret-for-one',
    method: 'IVdsIscsiTarget.SetSharedSecret',
    on: 'IVdsIscsiTarget',
    requirement: 'VDS-11.5f',
    touches: ['secret'],
    apart: true,
    refusable: { requirement: 'VDS-11.5f', codes: [HR.VDS_E_INITIATOR_SPECIFIC_NOT_SUPPORTED] },
    requests: (target) =>
      isOwn(target)
        ? [
            {
              args: { targetSharedSecret: secret(12), initiatorName: 'iqn.1991-05.com.microsoft:model-1' },
              how: 'for one initiator',
            },
          ]
        : [],
    // That one initiator has to know a secret may count as well.
    effect: (draft, _request, _outcome, { item }) => draft.release(item.id, 'chapEnabled'),
  }),
  command({
    name: 'remember-secret',
    method: 'IVdsIscsiTarget.RememberInitiatorSharedSecret',
    on: 'IVdsIscsiTarget',
    requirement: 'VDS-11.6a',
    touches: ['secret'],
    promised: { flag: SF.VDS_SF_SUPPORTS_AUTH_MUTUAL_CHAP, requirement: 'VDS-11.6b' },
    allowedBy: 'VDS-11.6a',
    requests: (target) =>
      isOwn(target)
        ? [14, 12, 16].map((length) => ({
            args: { initiatorName: 'iqn.1991-05.com.microsoft:model-1', initiatorSharedSecret: secret(length) },
            how: `of ${length} bytes`,
          }))
        : [],
  }),
];
