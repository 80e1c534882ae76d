// The device route by commands: a lab's own tools change the array, or end the provider's process, behind the
// provider's back. A command proves what it did by its exit code and output and, where a command tells the truth, by
// what has changed there.
import type { Guid } from '../../contract/guid.js';
import { ConfigurationError } from '../../port/errors.js';
import type { IVdsHwProvider } from '../../port/generated/typed.js';
import { allObjects, parseTruth, type Inventory, type ObjectState } from '../../truth/inventory.js';
import type { FaultKind } from '../kinds.js';
import { InventoryUnreadable, readInventory } from '../../truth/read-inventory.js';
import { KIND_OF, type DeviceCommands } from './device-commands.js';
import { newObjectOf, type FaultRequest, type InjectedFault, type NotInjected, type Route } from './route.js';
import { fillIn, runCommand, splitCommand, type CommandText, type Outcome, type Values } from './run-command.js';

/** A provider's process that is not the harness's own, and the command that starts it anew. */
export class ProviderProcess {
  private isFresh = false;

  constructor(private readonly restart: NonNullable<DeviceCommands['restart']>) {}

  /** Ends the process and starts it again, as a fault. */
  async crash(): Promise<Outcome> {
    const outcome = await runCommand(splitCommand(this.restart.command), this.restart.timeLimit);
    this.isFresh = outcome.problem === undefined;
    return outcome;
  }

  /** Starts the process again after it was lost, unless it has just been. Rejects with ConfigurationError. */
  async revive(): Promise<void> {
    const problem = this.isFresh ? undefined : (await this.crash()).problem;
    this.isFresh = false;
    if (problem !== undefined)
      throw new ConfigurationError(`the provider is gone and could not be started: ${problem}`, {
        hint: 'Check restart.command in the configuration.',
      });
  }
}

interface Device {
  readonly state: ObjectState;
  readonly values: Values;
}

/** An object of a state, with the values for a command's placeholders. */
function deviceIn(inventory: Inventory, id: Guid): Device | undefined {
  for (const subSystem of inventory.subSystems) {
    const all = [{ kind: 'subsystem' as const, object: subSystem as ObjectState }, ...allObjects(subSystem)];
    const found = all.find(({ object }) => object.id === id);
    if (found === undefined) continue;
    const text = (member: string): string | undefined =>
      typeof found.object[member] === 'string' ? found.object[member] : undefined;
    return {
      state: found.object,
      values: {
        objectId: id,
        objectType: found.kind,
        subSystemId: subSystem.id,
        identification: text('identification') ?? text('iscsiName'),
        friendlyName: text('friendlyName'),
      },
    };
  }
  return undefined;
}

const shown = (state: ObjectState | undefined): string =>
  JSON.stringify(state ?? 'absent', (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));

/** Whether the truth shows what a fault of this kind does. */
function hasStruck(kind: FaultKind, before: ObjectState, after: ObjectState | undefined): boolean {
  if (kind === 'delete-object' || kind === 'disconnect') return after === undefined;
  const member = kind === 'change-object' ? 'friendlyName' : 'status';
  return after !== undefined && (before[member] === undefined || before[member] !== after[member]);
}

export class CommandRoute implements Route {
  readonly name = 'device';

  constructor(
    private readonly commands: DeviceCommands,
    private readonly hw: IVdsHwProvider,
    private readonly process: ProviderProcess | undefined,
  ) {}

  async kinds(): Promise<ReadonlySet<FaultKind>> {
    const kinds = Object.keys(this.commands.faults ?? {}).map(
      (name): FaultKind => KIND_OF[name as keyof typeof KIND_OF],
    );
    if (this.commands.import !== undefined) kinds.push('import-lun');
    if (this.process !== undefined) kinds.push('crash');
    return new Set(kinds);
  }

  async inject(request: FaultRequest): Promise<InjectedFault | NotInjected> {
    const { kind, object } = request;
    // A command cannot make an array notify its provider.
    if (request.notify === true) return { reason: 'a command cannot make the array notify the provider' };
    if (kind === 'crash') return this.crash();
    let before: Inventory;
    try {
      before = (await this.truth()) ?? (await readInventory(this.hw));
    } catch (error) {
      if (error instanceof InventoryUnreadable)
        return {
          reason:
            'no groundTruth.command is configured, and the provider does not describe the object: ' +
            `${error.record.method} ${error.problem}`,
        };
      throw error;
    }
    const device = deviceIn(before, object);
    if (device === undefined) return { reason: 'the array has no such object' };
    return kind === 'import-lun' ? this.importLun(before, device) : this.strike(kind, device);
  }

  /**
   * The state as the configured command reports it. Rejects with ConfigurationError when it fails, because nothing
   * could be judged by it.
   */
  async truth(): Promise<Inventory | undefined> {
    const { groundTruth } = this.commands;
    if (groundTruth === undefined) return undefined;
    const { problem, stdout } = await runCommand(splitCommand(groundTruth.command), groundTruth.timeLimit);
    if (problem !== undefined)
      throw new ConfigurationError(`the truth could not be had: ${problem}`, {
        hint: 'Check groundTruth.command in the configuration.',
      });
    return parseTruth(stdout);
  }

  private async crash(): Promise<InjectedFault | NotInjected> {
    const outcome = await this.process?.crash();
    if (outcome === undefined) return { reason: 'no restart.command is configured' };
    if (outcome.problem !== undefined) return { reason: outcome.problem, failed: true };
    return { kind: 'crash', route: this.name, proof: proofOf('crash', outcome, {}), heal: async () => {} };
  }

  private async strike(kind: FaultKind, { state, values }: Device): Promise<InjectedFault | NotInjected> {
    const fault = Object.entries(this.commands.faults ?? {}).find(
      ([name]) => KIND_OF[name as keyof typeof KIND_OF] === kind,
    )?.[1];
    if (fault === undefined) return { reason: `no command is configured for ${kind}` };
    const outcome = await this.run(fault.command, values, fault.timeLimit);
    if ('reason' in outcome) return outcome;
    const heal = async (): Promise<void> => {
      if (!('heal' in fault)) return;
      const healed = await this.run(fault.heal, values, fault.timeLimit);
      if ('reason' in healed)
        throw new ConfigurationError(
          `${kind} could not be healed, and the system under test is still faulty: ${healed.reason}`,
          { hint: 'Repair it by hand, and check `heal` in the configuration.' },
        );
    };
    const truth = await this.truth();
    const after = truth === undefined ? undefined : deviceIn(truth, state.id)?.state;
    if (truth !== undefined && !hasStruck(kind, state, after)) {
      await heal();
      return {
        reason:
          `${outcome.command} ended with exit code 0, and by the truth nothing came of it: the object is ` +
          `${shown(after)}`,
        failed: true,
      };
    }
    return {
      kind,
      route: this.name,
      proof: proofOf(kind, outcome, {
        object: state.id,
        ...(truth === undefined ? {} : { before: shown(state), after: shown(after) }),
      }),
      heal,
    };
  }

  private async importLun(before: Inventory, { state, values }: Device): Promise<InjectedFault | NotInjected> {
    const { import: importing, faults } = this.commands;
    if (importing === undefined || faults?.objectDeletion === undefined)
      return { reason: 'no import.command is configured' };
    const { objectDeletion } = faults;
    const outcome = await this.run(importing.command, values, importing.timeLimit);
    if ('reason' in outcome) return outcome;
    const truth = await this.truth();
    const known = new Set(before.subSystems.flatMap((s) => s.luns.map((l) => l.id)));
    const fresh = (truth?.subSystems ?? []).flatMap((s) => s.luns).filter((l) => !known.has(l.id));
    const newObject = newObjectOf(outcome.stdout) ?? (fresh.length === 1 ? (fresh[0]?.id as Guid) : undefined);
    if (newObject === undefined)
      return {
        reason:
          `${outcome.command} ended with exit code 0, but neither its output ` +
          'nor the truth shows which LUN it imported',
        failed: true,
      };
    const lun = fresh.find((l) => l.id === newObject);
    if (truth !== undefined && lun === undefined)
      return {
        reason: `${outcome.command} ended with exit code 0, and the truth has no new LUN ${newObject}`,
        failed: true,
      };
    return {
      kind: 'import-lun',
      route: this.name,
      newObject,
      proof: proofOf('import-lun', outcome, {
        object: state.id,
        newObject,
        ...(lun === undefined ? {} : { before: 'absent', after: shown(lun) }),
      }),
      heal: async () => {
        // A check may have deleted it meanwhile, which only the truth can tell.
        const now = await this.truth();
        if (now !== undefined && deviceIn(now, newObject) === undefined) return;
        const removed = await this.run(
          objectDeletion.command,
          {
            ...values,
            objectId: newObject,
            objectType: 'lun',
            identification: lun?.identification,
            friendlyName: lun?.friendlyName,
          },
          objectDeletion.timeLimit,
        );
        if ('reason' in removed)
          throw new ConfigurationError(`the imported LUN ${newObject} could not be removed: ${removed.reason}`, {
            hint: 'Remove it by hand, and check faults.objectDeletion.command in the configuration.',
          });
      },
    };
  }

  private async run(command: CommandText, values: Values, limit: number | undefined): Promise<Outcome | NotInjected> {
    const filled = fillIn(splitCommand(command), values);
    if ('reason' in filled) return filled;
    const outcome = await runCommand(filled.args, limit);
    return outcome.problem === undefined ? outcome : { reason: outcome.problem, failed: true };
  }
}

const proofOf = (kind: FaultKind, { command, exitCode, output }: Outcome, seen: object): string =>
  JSON.stringify({ kind, command, exitCode, output: output.trim(), ...seen });
