// Defects of maintenance operations.
import { VDS_MAINTENANCE_OPERATION as OP } from '../../../src/contract/generated/enumerations.js';
import type { Guid } from '../../../src/contract/guid.js';
import { HR } from '../../../src/contract/hresult.js';
import { PoolArray, PoolController, PoolLun, PoolProvider } from '../../in-memory/profiles/pools.js';
import { answers, pretends } from '../answers.js';
import type { Defect } from '../defect.js';

const profile = 'pools';

/** The operations that run on a device, each switched on and off by one and the same command. */
class Switches extends Set<number> {
  override add(operation: number): this {
    if (!this.delete(operation)) super.add(operation);
    return this;
  }
}

class SwitchesByDevice extends Map<Guid, Set<number>> {
  override get(id: Guid): Set<number> {
    const found = super.get(id) ?? new Switches();
    this.set(id, found);
    return found;
  }
}

class SwitchesOperations extends PoolArray {
  override readonly maintenance = new SwitchesByDevice();
}

/** The operations that run on a device, all of which end with the first that does. */
class Ending extends Set<number> {
  override delete(operation: number): boolean {
    const ran = super.delete(operation);
    if (ran) this.clear();
    return ran;
  }
}

class EndingByDevice extends Map<Guid, Set<number>> {
  override get(id: Guid): Set<number> {
    const found = super.get(id) ?? new Ending();
    this.set(id, found);
    return found;
  }
}

class EndsAllOperations extends PoolArray {
  override readonly maintenance = new EndingByDevice();
}

/** It begins with all lights out. */
class BeginsInTheDark extends PoolController {
  protected override order(...[method]: Parameters<PoolController['order']>): ReturnType<PoolController['order']> {
    const answer = super.order(method);
    if (method === 'IVdsController.Reset') this.provider.array.maintenance.delete(this.id);
    return answer;
  }
}

/** A rescan of the enclosures sets their signals back. */
class ScansInTheDark extends PoolProvider {
  protected override reenumerate(): ReturnType<PoolProvider['reenumerate']> {
    this.array.maintenance.clear();
    return super.reenumerate();
  }
}

/** The light of a LUN's drives is taken for that of the LUN. */
class PutsOutItsDrives extends PoolLun {
  protected override delete(): ReturnType<PoolLun['delete']> {
    const { lun } = this.reach();
    const drives = [...lun.plexes.values()].flatMap(({ columns }) => columns.flat().map(({ drive }) => drive));
    const answer = super.delete();
    for (const id of drives) this.provider.array.maintenance.delete(id);
    return answer;
  }
}

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
    name: 'second-start-is-a-pulse',
    profile,
    breaks: ['VDS-10.17'],
    noticedBy: [
      'maintenance.start-again.subsystem',
      'maintenance.start-again.controller',
      'maintenance.start-again.drive',
    ],
    says: 'StartMaintenance of an operation that runs ends it.',
    parts: { StorageArray: SwitchesOperations },
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
    name: 'operations-end-together',
    profile,
    breaks: ['VDS-10.17'],
    noticedBy: ['maintenance.besides.subsystem', 'maintenance.besides.controller', 'maintenance.besides.drive'],
    says: 'Each maintenance operation of a device ends when one of them is stopped or pulsed.',
    parts: { StorageArray: EndsAllOperations },
  },
  {
    name: 'rescan-ends-maintenance',
    profile,
    breaks: ['VDS-10.17'],
    noticedBy: ['interactions.import-target.recovering', 'interactions.states.anew'],
    says: 'Reenumerate ends every maintenance operation, so that none is left to be stopped.',
    parts: { Provider: ScansInTheDark },
  },
  {
    name: 'deleted-lun-ends-maintenance',
    profile,
    breaks: ['VDS-10.17'],
    noticedBy: ['interactions.luns'],
    says: 'Deleting a LUN ends the maintenance operations of the drives that it has space of.',
    parts: { Lun: PutsOutItsDrives },
  },
  {
    name: 'reset-ends-maintenance',
    profile,
    breaks: ['VDS-10.17d'],
    strict: true,
    noticedBy: ['interactions.equipment'],
    says: 'Reset of a controller ends its maintenance operations.',
    parts: { Controller: BeginsInTheDark },
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
