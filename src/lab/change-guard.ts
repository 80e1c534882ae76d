// The guard of a system that is not the run's own: only read, unless it is allowed to change it; and then write down
// before each change what it may make. A system that each session has for itself (the capability `disposable`) needs
// none of this.
import type { Guid } from '../contract/guid.js';
import type { FaultKind } from '../faults/kinds.js';
import { displayName } from '../port/show-value.js';
import { ChangeRefused } from '../port/errors.js';
import type { Capabilities } from '../port/port.js';
import type { CallWatcher, Change } from '../port/session.js';
import { Ledger, type LedgerEntry } from './ledger.js';
import type { Scope } from './scope.js';
import { Wall } from './wall.js';

/** As plain data, which crosses to the engine's worker. */
export interface LabRules {
  /** The user allows changes on a system that is not disposable. */
  readonly allowDestructive: boolean;
  readonly scope: Scope;
  /** The folder of the ledger. */
  readonly ledger: string;
}

export const HOW_TO_ALLOW = 'Allow it with --allow-destructive, on a lab system only (docs/lab-safety.md).';

/**
 * Whether a check may change the system, so that a run that only reads holds it back. A fault changes the system
 * whatever the check says.
 */
export const changes = (check: {
  readonly changes?: boolean | undefined;
  readonly faults?: readonly unknown[] | undefined;
}): boolean => check.changes !== false || (check.faults ?? []).length > 0;

/** Whether a run may not change the system. */
export const isReadOnly = (
  { allowDestructive }: Pick<LabRules, 'allowDestructive'>,
  { disposable }: Pick<Capabilities, 'disposable'>,
): boolean => !disposable && !allowDestructive;

/** The intent of a creating call, for the ledger; undefined for a call that makes nothing lasting. */
function intentOf({ method, args }: Change): LedgerEntry | undefined {
  if (!/\.(?:Create|Add)/.test(method)) return undefined;
  const name = args['iscsiName'] ?? args['friendlyName'];
  const size = args['sizeInBytes'];
  return {
    type: 'intent',
    method,
    ...(typeof name === 'string' ? { name } : {}),
    ...(typeof size === 'bigint' ? { size: String(size) } : {}),
  };
}

/** The rules as they apply to one session. */
export class Lab {
  /** The run may not change the system. */
  readonly readOnly: boolean;
  readonly ledger: Ledger | undefined;

  /** `wall` keeps what it knows of the system from one session to the next. */
  constructor(
    rules: LabRules,
    capabilities: Pick<Capabilities, 'disposable'>,
    private readonly wall = new Wall(rules.scope),
  ) {
    this.readOnly = isReadOnly(rules, capabilities);
    this.ledger = capabilities.disposable || this.readOnly ? undefined : new Ledger(rules.ledger);
    wall.whereabouts.begin();
  }

  /** Refuses a change that is not allowed, whatever the check declared, and writes down one that is. */
  get watcher(): CallWatcher {
    const { wall } = this;
    const beforeChange = (change: Change): void => this.beforeChange(change);
    if (!wall.stands) return { beforeChange };
    return {
      beforeChange,
      answered: (call, reply) => wall.whereabouts.learn(call, reply),
      sameObject: (known, other) => wall.whereabouts.same(known, other),
      identified: (object, identity) => wall.whereabouts.identified(object, identity),
      released: (object) => wall.whereabouts.released(object),
    };
  }

  /** Refuses a fault whose object lies outside the scope. Throws OutsideScope. */
  beforeFault(kind: FaultKind, object: Guid): void {
    this.wall.checkFault(kind, object);
  }

  private beforeChange(change: Change): void {
    if (this.readOnly) {
      throw new ChangeRefused('this run only reads, and a check that says so was about to change the system', {
        call: displayName(change.method),
        hint: 'The check must not declare `changes: false`; the call was not made.',
      });
    }
    this.wall.check(change);
    const intent = this.ledger === undefined ? undefined : intentOf(change);
    if (intent !== undefined) this.ledger?.add(intent);
  }
}
