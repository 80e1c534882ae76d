// Defects of looking for devices that show where more than one has come or gone since the last look.
import type { Guid } from '../../../src/contract/guid.js';
import { Inventory } from '../../in-memory/cache/inventory.js';
import { SubSystemObject } from '../../in-memory/objects/subsystem.js';
import type { Defect } from '../defect.js';

/** Notices with a scan the first of the drives that have gone. */
class DropsOneDrive extends SubSystemObject {
  protected override reenumerate(): ReturnType<SubSystemObject['reenumerate']> {
    const { drives } = this.reach('IVdsSubSystem.Reenumerate').subSystem;
    const gone = this.read().drives.filter((id: Guid) => drives.get(id)?.present === false);
    const missed = gone.slice(1).flatMap((id) => drives.get(id) ?? []);
    for (const drive of missed) drive.present = true;
    try {
      return super.reenumerate();
    } finally {
      for (const drive of missed) drive.present = false;
    }
  }
}

/** Takes in the first of the subsystems that are new. */
class FindsOneSubSystem extends Inventory {
  override reenumerate(): ReturnType<Inventory['reenumerate']> {
    const missed = this.array
      .connected()
      .filter(({ id }) => !this.devices.has(id))
      .slice(1);
    for (const subSystem of missed) subSystem.connected = false;
    try {
      return super.reenumerate();
    } finally {
      for (const subSystem of missed) subSystem.connected = true;
    }
  }
}

export const COME_AND_GO: readonly Defect[] = [
  {
    name: 'drives-dropped-one-at-a-time',
    breaks: ['VDS-5.4'],
    noticedBy: ['recovery.come-and-go.drive.scan'],
    says: 'IVdsSubSystem::Reenumerate drops the first drive that has gone, and the next only when it is called again.',
    parts: { SubSystem: DropsOneDrive },
  },
  {
    name: 'subsystems-found-one-at-a-time',
    breaks: ['VDS-5.2'],
    noticedBy: ['recovery.come-and-go.subsystem.reenumerate'],
    says:
      'IVdsHwProvider::Reenumerate takes in the first subsystem that it finds new, and the next only when it is ' +
      'called again.',
    parts: { Inventory: FindsOneSubSystem },
  },
];
