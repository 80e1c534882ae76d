// run --rerun-failed: the options of an earlier run, and those of its checks that failed.
import { isBroken } from '../../checks/outcome.js';
import { readRun } from '../../reporting/store/read-run.js';

/**
 * The options that repeat what failed in the run of a reports folder, as a configuration would give them; undefined
 * where nothing failed. The reports go beside that folder: the ones that somebody is reading are not overwritten.
 * Throws ConfigurationError where no run is.
 */
export function optionsToRerun(folder: string): Record<string, unknown> | undefined {
  const { header, results } = readRun(folder);
  const { provider, settings, options, limits, strict, seed } = header;
  // Those that a failure was seen to need, too.
  const check = [...new Set(results.filter(isBroken).flatMap((r) => [...(r.reproduction?.checks ?? []), r.id]))];
  return check.length === 0
    ? undefined
    : {
        provider,
        ...(settings === undefined ? {} : { settings }),
        ...options,
        ...limits,
        strict,
        seed,
        check,
        reports: `${folder.replace(/[/\\]+$/, '')}-again`,
      };
}
