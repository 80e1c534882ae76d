// The ledger: each object that a run makes on a system that outlives it, written before it is made and when it is gone.
// The remains of a killed run can then be found, and nothing else is touched. It reads and writes the file; taking
// things away is leftovers.ts.
import { closeSync, fdatasyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { Guid } from '../contract/guid.js';
import { ConfigurationError, messageOf } from '../port/errors.js';
import { MAKEABLE, type MakeableKind } from '../port/made-objects.js';
import { makeFolder } from './make-folder.js';

/** The ledger's name in a reports folder. */
export const LEDGER = 'created.ndjson';

const guid = z.custom<Guid>((value) => typeof value === 'string');
const kind = z.enum(Object.keys(MAKEABLE) as [MakeableKind, ...MakeableKind[]]);
const entry = z.discriminatedUnion('type', [
  /** The objects that existed before the run made any. */
  z.object({ type: z.literal('before'), luns: z.array(guid) }),
  /** Written before a call that may make something; `created` is written when it has. */
  z.object({ type: z.literal('intent'), method: z.string(), name: z.string().optional(), size: z.string().optional() }),
  /** `key` names it to people and outlives a reload, after which a provider may give it another id. */
  z.object({ type: z.literal('created'), kind, id: guid, key: z.string().optional() }),
  z.object({ type: z.literal('gone'), kind, id: guid }),
  /** The import target before a check may set it; null where none was set. */
  z.object({ type: z.literal('setting'), subSystem: guid, importTarget: z.string().nullable() }),
  z.object({ type: z.literal('restored'), subSystem: guid }),
  /** A check ended in order: its intents are either recorded as made or were not made. */
  z.object({ type: z.literal('settled') }),
]);
export type LedgerEntry = z.output<typeof entry>;

type Of<T extends LedgerEntry['type']> = Extract<LedgerEntry, { type: T }>;

/** The objects and settings that a run has not taken back. */
interface Leftovers {
  readonly created: readonly Of<'created'>[];
  readonly settings: readonly Of<'setting'>[];
  /** Calls that may have made something of which nothing more is known. */
  readonly intents: readonly Of<'intent'>[];
  /** LUNs that were there before the run. */
  readonly lunsBefore: ReadonlySet<Guid>;
}

export const nothingLeft = ({ created, settings, intents }: Leftovers): boolean =>
  created.length + settings.length + intents.length === 0;

/** The objects and settings that the entries leave open. */
export function leftoversOf(entries: readonly LedgerEntry[]): Leftovers {
  const created = new Map<Guid, Of<'created'>>();
  const settings = new Map<Guid, Of<'setting'>>();
  let intents: Of<'intent'>[] = [];
  const lunsBefore = new Set<Guid>();
  for (const each of entries) {
    switch (each.type) {
      case 'before':
        for (const id of each.luns) lunsBefore.add(id);
        break;
      case 'intent':
        intents.push(each);
        break;
      case 'created':
        created.set(each.id, each);
        break;
      case 'gone':
        created.delete(each.id);
        break;
      // The first value is the one to go back to.
      case 'setting':
        if (!settings.has(each.subSystem)) settings.set(each.subSystem, each);
        break;
      case 'restored':
        settings.delete(each.subSystem);
        break;
      case 'settled':
        intents = [];
        break;
    }
  }
  return { created: [...created.values()], settings: [...settings.values()], intents, lunsBefore };
}

/**
 * The entries of a reports folder's ledger; none where there is no file. A torn last line is what a killed process
 * leaves. Throws ConfigurationError.
 */
export function readLedger(reports: string): LedgerEntry[] {
  const file = join(reports, LEDGER);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new ConfigurationError(`${file} cannot be read: ${messageOf(error)}`, {
      hint: 'Name the reports folder of the run with --reports.',
      cause: error,
    });
  }
  return text
    .split('\n')
    .slice(0, -1)
    .map((line, index) => {
      const parsed = entry.safeParse(safeJson(line));
      if (!parsed.success)
        throw new ConfigurationError(`${file}:${index + 1} is not an entry of a ledger`, {
          hint: 'It was changed after the run; look at the array by hand.',
        });
      return parsed.data;
    });
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Appends to a ledger. Each entry is on the disk before the call returns. */
export class Ledger {
  private readonly file: string;
  private intended = false;

  constructor(reports: string) {
    this.file = join(reports, LEDGER);
  }

  add(...entries: readonly LedgerEntry[]): void {
    if (entries.some((e) => e.type === 'intent')) this.intended = true;
    try {
      makeFolder(dirname(this.file));
      const fd = openSync(this.file, 'a');
      try {
        writeSync(fd, entries.map((e) => `${JSON.stringify(e)}\n`).join(''));
        fdatasyncSync(fd);
      } finally {
        closeSync(fd);
      }
    } catch (error) {
      // Nothing may be made that could not be found again.
      throw new ConfigurationError(`${this.file} cannot be written: ${messageOf(error)}`, {
        hint: 'Free the disk, or name another folder with --reports.',
        cause: error,
      });
    }
  }

  /** Says that a check ended in order. */
  settle(): void {
    if (this.intended) this.add({ type: 'settled' });
    this.intended = false;
  }
}
