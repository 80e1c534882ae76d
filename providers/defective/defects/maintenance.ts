// Defects of maintenance operations.
import { VDS_MAINTENANCE_OPERATION as OP } from '../../../src/contract/generated/enumerations.js';
import { HR } from '../../../src/contract/hresult.js';
import { answers, pretends } from '../answers.js';
import type { Defect } from '../defect.js';

const profile = 'pools';

export const MAINTENANCE: readonly Defect[] = [
  {
    name: 'idle-operation-stopped',
    profile,
    breaks: ['VDS-10.17b'],
    noticedBy: ['maintenance.idle.subsystem', 'maintenance.idle.controller', 'maintenance.idle.drive'],
    says: 'StopMaintenance answers S_OK for an operation that does not run.',
    overrides: answers('IVdsMaintenance.StopMaintenance', [HR.S_FALSE], HR.S_OK),
  },
  {
    name: 'maintenance-never-starts',
    profile,
    breaks: ['VDS-10.17'],
    noticedBy: [
      'maintenance.stop.subsystem',
      'maintenance.stop.controller',
      'maintenance.stop.drive',
      'maintenance.besides.drive',
    ],
    says: 'StartMaintenance answers S_OK and starts nothing.',
    overrides: pretends('IVdsMaintenance.StartMaintenance', ({ operation }) => operation <= OP.Ping),
  },
  {
    name: 'running-operation-not-pulsed',
    profile,
    breaks: ['VDS-10.17'],
    noticedBy: ['maintenance.pulse.subsystem', 'maintenance.pulse.controller', 'maintenance.pulse.drive'],
    says: 'PulseMaintenance answers S_FALSE for an operation that runs.',
    overrides: answers('IVdsMaintenance.PulseMaintenance', [HR.S_OK], HR.S_FALSE),
  },
  {
    name: 'spindles-pulsed',
    profile,
    breaks: ['VDS-10.17c'],
    noticedBy: ['maintenance.spindles-are-not-pulsed'],
    says: 'PulseMaintenance takes SpinUp and SpinDown.',
    overrides: answers(
      'IVdsMaintenance.PulseMaintenance',
      [HR.E_INVALIDARG],
      HR.S_OK,
      ({ operation }) => operation === OP.SpinUp || operation === OP.SpinDown,
    ),
  },
];
