// Every probe that can be made: from the contract's types for each method of each kind of object, and from what is
// declared for a method.
import { DEVICE_KINDS } from '../../contract/generated/objects.js';
import type { DeviceInterface } from '../../contract/objects.js';
import type { Method } from '../../contract/tables.js';
import { methodsOfKind, onlyReads, type ObservedKind } from '../../port/device-kinds.js';
import { BAD_INPUT, type BadInput, type BadInputKind } from './bad-input.js';
import { plausibleArguments, validArguments } from './plausible-arguments.js';
import { at, type Answer, type ProbeCell } from './probe.js';
import { queryCells } from './queries.js';
import { refusalCells } from './refusals.js';

function answerTo(
  { required, mayTake, refusedBy = 'VDS-0.2e', best }: BadInput,
  { mayFailLater }: BadInputKind,
): Answer {
  if (mayTake === true) return { is: 'permitted' };
  if (required !== undefined) return { is: 'code', ...required };
  return {
    is: 'refused',
    requirement: refusedBy,
    ...(mayFailLater === true ? { orFails: true as const } : {}),
    ...(best === undefined ? {} : { best }),
  };
}

/** The strings of the last kind may all be taken, and then change something. */
const REFUSED_KINDS = BAD_INPUT.filter((kind) => kind.changesNothing);

const badInputCells = (on: ObservedKind, method: Method): readonly ProbeCell[] =>
  REFUSED_KINDS.flatMap((kind) => {
    const all = kind.of(method).filter((input) => input.mayTake !== true || onlyReads(method));
    return all.length === 0
      ? []
      : [
          {
            name: `${method.fullName}: a bad ${kind.name}`,
            on,
            method,
            when: 'present' as const,
            changes: !onlyReads(method),
            probe: ({ n }) => {
              const input = at(all, n);
              return input === undefined
                ? undefined
                : { how: `with ${input.what}`, args: input.args, answer: answerTo(input, kind) };
            },
          },
        ];
  });

/** The queries of which their own page says that they must be given where to put their output. */
const NOWHERE: ReadonlyMap<string, string> = new Map([
  ['IVdsSubSystemImportTarget.GetImportTarget', 'VDS-1.5b'],
  ['IVdsSubSystem.QueryMaxLunCreateSize', 'VDS-10.5e'],
  ['IVdsLun.QueryMaxLunExtendSize', 'VDS-10.5e'],
]);

const nullOutCells = (on: ObservedKind, method: Method): readonly ProbeCell[] =>
  !onlyReads(method)
    ? []
    : method.outs
        .filter((o) => !o.nullable)
        .map(({ name, vdsName }) => ({
          name: `${method.fullName}: NULL as ${vdsName}`,
          on,
          method,
          when: 'present' as const,
          changes: false,
          probe: () => ({
            how: `with NULL as ${vdsName}`,
            args: validArguments(method),
            nullOuts: [name],
            answer: { is: 'nowhere', requirement: NOWHERE.get(method.fullName) ?? 'VDS-13.5' },
          }),
        }));

const departedCell = (on: ObservedKind, method: Method): ProbeCell => ({
  name: `${method.fullName}: of an object that is gone`,
  on,
  method,
  when: 'departed',
  changes: false,
  probe: () => ({ how: '', args: plausibleArguments(method), answer: { is: 'deleted' } }),
});

/** Objects that a run deletes while it holds them. */
const DEPARTING: ReadonlySet<ObservedKind> = new Set<ObservedKind>([
  'IVdsLun',
  'IVdsLunPlex',
  'IVdsIscsiTarget',
  'IVdsIscsiPortalGroup',
]);

const KINDS: readonly ObservedKind[] = ['IVdsHwProvider', ...(Object.keys(DEVICE_KINDS) as DeviceInterface[])];

/** Every cell, in the contract's order. */
export const PROBE_CELLS: readonly ProbeCell[] = KINDS.flatMap((on) => [
  ...methodsOfKind(on).flatMap((method) => [
    ...badInputCells(on, method),
    ...nullOutCells(on, method),
    ...(DEPARTING.has(on) ? [departedCell(on, method)] : []),
  ]),
  ...queryCells(on),
  ...refusalCells(on),
]);

/** The places of the cells that change nothing whatever is answered, and of the others. */
export const QUIET_CELLS: readonly number[] = [...PROBE_CELLS.keys()].filter((i) => PROBE_CELLS[i]?.changes === false);
export const REFUSED_CELLS: readonly number[] = [...PROBE_CELLS.keys()].filter((i) => PROBE_CELLS[i]?.changes === true);

export { EnumeratorPosition, type EnumeratorStep } from './enumerator.js';
export type { Answer, Probe, ProbeCell, ProbeTarget } from './probe.js';
