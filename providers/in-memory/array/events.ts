// The array's event channel: what an administrator changes at the array is told to every loaded provider instance,
// subsystem by subsystem and in order, unless a fault of the channel loses, repeats or reorders it. What a provider
// itself asked for it learns from the answer instead.
import type { Guid } from '../../../src/contract/guid.js';
import type { DeviceKind } from './devices.js';
import type { Change } from '../objects/notifications.js';

export interface DeviceChange {
  readonly kind: DeviceKind;
  readonly id: Guid;
  readonly change: Exclude<Change, 'remove'>;
}

/** Changes that happened together, and are reported together. */
export interface ArrayEvent {
  readonly subSystem: Guid;
  readonly changes: readonly DeviceChange[];
}

export type Disturbance = 'lose-event' | 'duplicate-event' | 'reorder-events';

interface Disturber {
  readonly disturbance: Disturbance;
  readonly subSystem: Guid;
  /** The event that is kept back for the one after it. */
  kept?: ArrayEvent;
}

export class EventChannel {
  private readonly listeners = new Set<(event: ArrayEvent) => void>();
  private readonly disturbers = new Set<Disturber>();

  /** Gives what ends the listening. */
  listen(listener: (event: ArrayEvent) => void): () => void {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  }

  send(event: ArrayEvent): void {
    const disturber = [...this.disturbers].find((d) => d.subSystem === event.subSystem);
    if (disturber === undefined) {
      this.deliver(event);
      return;
    }
    if (disturber.disturbance === 'reorder-events' && disturber.kept === undefined) {
      disturber.kept = event;
      return;
    }
    this.disturbers.delete(disturber);
    if (disturber.disturbance === 'lose-event') return;
    this.deliver(event);
    this.deliver(disturber.kept ?? event);
  }

  /** Disturbs what comes next about a subsystem. Gives what takes it back: what is kept back is then delivered. */
  disturb(disturbance: Disturbance, subSystem: Guid): () => void {
    const disturber: Disturber = { disturbance, subSystem };
    this.disturbers.add(disturber);
    return () => {
      if (this.disturbers.delete(disturber) && disturber.kept !== undefined) this.deliver(disturber.kept);
    };
  }

  /** The disturbances of the next events about a subsystem, in words. */
  condition(subSystem: Guid): string {
    const pending = [...this.disturbers].filter((d) => d.subSystem === subSystem).map((d) => d.disturbance);
    return pending.length === 0 ? 'in order' : pending.join(', ');
  }

  private deliver(event: ArrayEvent): void {
    for (const listener of this.listeners) listener(event);
  }
}
