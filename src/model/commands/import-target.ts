// IVdsSubSystemImportTarget: one setting of a subsystem, which names a target.
import { command, type Command } from '../command.js';
import type { Knowledge } from '../knowledge.js';
import { parseGuid } from '../../contract/guid.js';
import type { Item, SystemState } from '../state.js';

const spoken = (item: Item): boolean => item.members['importTarget'] !== undefined;

/** The argument of SetImportTarget that makes a subsystem's setting what it was. */
function valueOf(value: unknown, state: SystemState, { options }: Knowledge): string | undefined {
  if (options.importTarget === undefined) return undefined;
  if (typeof value !== 'string') return options.importTarget.clear;
  const target = state
    .ofKind('IVdsIscsiTarget')
    .find((t) => t.id === parseGuid(value) || String(t.members['iscsiName']).toLowerCase() === value.toLowerCase());
  return target === undefined
    ? value
    : options.importTarget.value({ id: target.id, iscsiName: String(target.members['iscsiName']) });
}

const undo: Command['undo'] = (item, state, knowledge) => ({
  iscsiName: valueOf(item.members['importTarget'], state, knowledge),
});

/** A provider that takes only the names of its targets does not take that of one which is gone. */
const reset: Command['reset'] = ({ options }) =>
  options.importTarget === undefined ? undefined : { iscsiName: options.importTarget.clear };

export const IMPORT_TARGET_COMMANDS: readonly Command[] = [
  command({
    name: 'set-import-target',
    method: 'IVdsSubSystemImportTarget.SetImportTarget',
    on: 'IVdsSubSystem',
    requirement: 'VDS-1.4a',
    touches: ['import target'],
    // In the way in which the provider has taken a target before.
    allowedBy: 'VDS-1.2',
    requests: ({ state, item, subSystem, knowledge }) => {
      const { importTarget } = knowledge.options;
      if (importTarget === undefined || !spoken(item)) return [];
      return state
        .ofKind('IVdsIscsiTarget', subSystem)
        .filter((t) => knowledge.own.has(t.id))
        .map((t) => {
          const iscsiName = String(t.members['iscsiName']);
          return {
            args: { iscsiName: importTarget.value({ id: t.id, iscsiName }) },
            how: `to ${t.id} "${iscsiName}"`,
            iscsiName,
          };
        });
    },
    effect: (draft, { iscsiName }, _outcome, { item }) => draft.set(item.id, 'importTarget', iscsiName),
    undo,
    reset,
  }),
  command({
    name: 'set-import-target-oddly',
    method: 'IVdsSubSystemImportTarget.SetImportTarget',
    on: 'IVdsSubSystem',
    // Whether such a value is taken is open; one that is taken is stored.
    requirement: 'VDS-1.4a',
    touches: ['import target'],
    requests: ({ state, item, subSystem, knowledge }) => {
      const { importTarget } = knowledge.options;
      if (importTarget === undefined || !spoken(item)) return [];
      const targets = state.ofKind('IVdsIscsiTarget').filter((t) => knowledge.own.has(t.id));
      const nameOf = (t: Item): string => String(t.members['iscsiName']);
      const elsewhere = targets.find((t) => state.subSystemOf(t.id) !== subSystem);
      const here = targets.find((t) => state.subSystemOf(t.id) === subSystem);
      const gone = knowledge.spentNames.at(-1);
      return [
        ...(elsewhere === undefined
          ? []
          : [
              {
                args: { iscsiName: importTarget.value({ id: elsewhere.id, iscsiName: nameOf(elsewhere) }) },
                how: `to ${elsewhere.id}, which another subsystem has`,
                iscsiName: nameOf(elsewhere),
              },
            ]),
        ...(here === undefined
          ? []
          : [
              {
                args: { iscsiName: importTarget.value({ id: here.id, iscsiName: nameOf(here) }).toUpperCase() },
                how: `to ${here.id} in capital letters`,
                iscsiName: nameOf(here),
              },
            ]),
        ...(gone === undefined || !importTarget.byName
          ? []
          : [{ args: { iscsiName: gone }, how: 'to the name of a target that was deleted' }]),
      ];
    },
    effect: (draft, { args }, _outcome, { item }) => draft.set(item.id, 'importTarget', args['iscsiName']),
    undo,
    reset,
  }),
  command({
    name: 'set-import-target-to-nothing',
    method: 'IVdsSubSystemImportTarget.SetImportTarget',
    on: 'IVdsSubSystem',
    requirement: 'VDS-1.3c',
    touches: ['import target'],
    apart: true,
    choice: {
      requirement: 'VDS-1.3c',
      of: ({ args }) => `with ${args['iscsiName'] === null ? 'NULL' : 'an empty string'}`,
    },
    // Where one is set, so that it shows whether it was cleared.
    requests: ({ item, knowledge: { options } }) =>
      options.importTarget === undefined || typeof item.members['importTarget'] !== 'string'
        ? []
        : [
            { args: { iscsiName: null }, how: 'with NULL' },
            { args: { iscsiName: '' }, how: 'with an empty string' },
          ],
    effect: (draft, _request, _outcome, { item }) => draft.set(item.id, 'importTarget', null),
    undo,
    reset,
  }),
  command({
    name: 'clear-import-target',
    method: 'IVdsSubSystemImportTarget.SetImportTarget',
    on: 'IVdsSubSystem',
    requirement: {
      of: ['VDS-1.3a', 'VDS-1.3b'],
      by: ({ options }) => (options.importTarget?.byName === true ? 'VDS-1.3b' : 'VDS-1.3a'),
    },
    touches: ['import target'],
    requests: ({ item, knowledge: { options } }) =>
      options.importTarget === undefined || !spoken(item)
        ? []
        : [{ args: { iscsiName: options.importTarget.clear }, how: 'with GUID_NULL' }],
    effect: (draft, _request, _outcome, { item }) => draft.set(item.id, 'importTarget', null),
    undo,
    reset,
  }),
];
