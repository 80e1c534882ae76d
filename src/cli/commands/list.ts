// `vds-conformance list`: the checks of a selection, and what they would cost.
import type { Argv, CommandModule } from 'yargs';
import { changes } from '../../lab/change-guard.js';
import { loadSuites, select } from '../../run/selection.js';
import type { OptionsOf } from '../options/options-of.js';
import { SUITES_MODULE } from '../package-files.js';
import { selectionFrom, selectionOptions } from '../options/run-options.js';

const options = (yargs: Argv<object>) =>
  yargs.options(selectionOptions).option('json', { type: 'boolean', default: false, describe: 'as JSON' });

export const listCommand: CommandModule<object, OptionsOf<typeof options>> = {
  command: 'list',
  describe: 'Show the checks, their requirements and what they would cost, without running anything',
  builder: options,
  handler: async (args) => {
    const selected = select(await loadSuites(SUITES_MODULE), selectionFrom(args));
    const rows = selected.map(({ suite, check }) => ({
      id: check.id,
      suite: suite.name,
      title: check.title,
      requirements: check.requirements,
      faults: check.faults ?? [],
      capabilities: check.capabilities ?? [],
      changes: changes(check),
      cost: check.cost,
    }));
    if (args.json) {
      console.log(JSON.stringify(rows, null, 2));
      return;
    }
    let suite = '';
    for (const row of rows) {
      if (row.suite !== suite) console.log(`${suite === '' ? '' : '\n'}${(suite = row.suite)}`);
      console.log(`  ${row.id}\n    ${row.title} [${row.requirements.join(', ')}]`);
    }
    const total = (pick: (cost: { calls: number; recoveries: number }) => number): number =>
      rows.reduce((sum, row) => sum + pick(row.cost), 0);
    console.log(
      `\n${rows.length} checks, about ${total((c) => c.calls)} calls and ${total((c) => c.recoveries)} recoveries; ${rows.filter((r) => !r.changes).length} of them only read`,
    );
  },
};
