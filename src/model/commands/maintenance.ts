// Maintenance operations, which change nothing that can be read. Lights are blinked and drives are pinged; people hear
// an alarm, so that one sounds only where the system is thrown away. Spindles, on which data depends, are left alone.
import { VDS_MAINTENANCE_OPERATION as OP } from '../../contract/generated/enumerations.js';
import { command, type Command } from '../command.js';
import type { Kind } from '../state.js';

const ON = {
  subsystem: 'IVdsSubSystem',
  controller: 'IVdsController',
  drive: 'IVdsDrive',
} as const satisfies Readonly<Record<string, Kind>>;

const operation = (
  kind: keyof typeof ON,
  name: string,
  method: Command['method'],
  further: Readonly<Record<string, unknown>> = {},
): Command =>
  command({
    name: `${name}-maintenance-of-${kind}`,
    method,
    on: ON[kind],
    requirement: 'VDS-10.17',
    touches: ['maintenance'],
    requests: ({ item, knowledge }) =>
      knowledge.mayUse(item)
        ? [
            { args: { operation: OP.BlinkLight, ...further }, how: '(BlinkLight)' },
            { args: { operation: OP.Ping, ...further }, how: '(Ping)' },
            ...(knowledge.options.disposable === true
              ? [{ args: { operation: OP.BeepAlarm, ...further }, how: '(BeepAlarm)' }]
              : []),
          ]
        : [],
    ...(name === 'start' && {
      undo: () => ({ operation: OP.BlinkLight }),
      undoMethod: 'IVdsMaintenance.StopMaintenance',
    }),
  });

export const MAINTENANCE_COMMANDS: readonly Command[] = (Object.keys(ON) as (keyof typeof ON)[]).flatMap((kind) => [
  operation(kind, 'start', 'IVdsMaintenance.StartMaintenance'),
  operation(kind, 'pulse', 'IVdsMaintenance.PulseMaintenance', { count: 1 }),
  operation(kind, 'stop', 'IVdsMaintenance.StopMaintenance'),
]);
