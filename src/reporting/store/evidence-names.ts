// The file name of a check's evidence, which several reports refer to.
import { wasNotBegun, isSettled, type CheckResult } from '../../checks/outcome.js';
import { UniqueNames } from '../text/unique-names.js';

/** Names that Windows keeps for devices, whatever follows the first dot. */
const DEVICES = /^(?:con|prn|aux|nul|com\d|lpt\d)(?=\.|$)/i;

/** Long enough for any id, short enough for a file system's 255 bytes and Windows' 260 characters of path. */
const LONGEST = 120;

/** Gives each check id one file name, unique also where case does not count, the same for every caller. */
export class EvidenceNames {
  private readonly names = new Map<string, string>();
  private readonly unique = new UniqueNames(
    (n) => `-${n}`,
    (name) => name.toLowerCase(),
  );

  /** `import-target.round-trip.json` */
  for(id: string): string {
    let name = this.names.get(id);
    if (name === undefined) {
      const safe =
        id
          .replace(/[^A-Za-z0-9._-]+/g, '_')
          .replace(/^\.+/, '_')
          .slice(0, LONGEST)
          .replace(DEVICES, '_$&') || '_';
      name = `${this.unique.take(safe)}.json`;
      this.names.set(id, name);
    }
    return name;
  }
}

/** Whether a check leaves evidence: it did not pass, and was begun, so that there was something to see. */
export function hasEvidence(result: CheckResult): boolean {
  return !isSettled(result.verdict) && !wasNotBegun(result);
}
