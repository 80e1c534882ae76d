// The messages between the harness and a provider host, over the child process's IPC channel, as JSON.
import type { Json } from '../../contract/codec.js';
import type { ErrorOnTheWire } from '../errors.js';
import type { NotificationOnTheWire, Operation } from '../operations.js';
import type { SettingDescription } from '../adapter-settings.js';
import type { Capabilities } from '../port.js';

/** The description of a module's adapter. */
export interface ModuleDescription {
  readonly name: string;
  readonly says: string;
  /** Undefined where the adapter brings no schema. */
  readonly settings?: readonly SettingDescription[];
}

export type ToHost =
  | {
      readonly id: number;
      readonly open: {
        readonly module: string;
        readonly settings: Readonly<Record<string, unknown>>;
        readonly seed: string;
        readonly scratch: string;
      };
    }
  | { readonly id: number; readonly operation: Operation }
  | { readonly id: number; readonly describe: string }
  | { readonly id: number; readonly close: true };

export type Answer =
  | { readonly id: number; readonly opened: Capabilities }
  | { readonly id: number; readonly described: ModuleDescription }
  | { readonly id: number; readonly reply: Json }
  | { readonly id: number; readonly error: ErrorOnTheWire };

export type FromHost =
  | Answer
  | { readonly notification: NotificationOnTheWire }
  /** An error outside any call, which ends the session. */
  | { readonly broken: ErrorOnTheWire };
