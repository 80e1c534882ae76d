// `vds-conformance list`: the checks of a selection, and what they would cost.
import type { Argv, CommandModule } from 'yargs';
import { EFFORTS } from '../conformance/check.js';
import { loadSuites, select } from '../conformance/suites.js';
import type { OptionsOf } from './options-of.js';
import { suiteModules } from './package-files.js';

const options = (yargs: Argv<object>) => yargs
  .option('suite', { type: 'string', array: true, requiresArg: true, describe: 'only these suites' })
  .option('effort', { choices: EFFORTS, default: 'standard' as const, describe: 'quick: the hand-written checks; standard: every method with every corruption form and with every moment; full: the whole product' })
  .option('check', { type: 'string', array: true, requiresArg: true, describe: 'only these checks; an id may end in *' })
  .option('json', { type: 'boolean', default: false, describe: 'as JSON' });

export const listCommand: CommandModule<object, OptionsOf<typeof options>> = {
  command: 'list',
  describe: 'Show the checks, their requirements and what they would cost, without running anything',
  builder: options,
  handler: async (args) => {
    const selected = select(await loadSuites(suiteModules()), { suites: args.suite ?? [], checks: args.check ?? [], effort: args.effort });
    const rows = selected.map(({ suite, check }) => ({ id: check.id, suite: suite.name, title: check.title, requirements: check.requirements, faults: check.faults ?? [], capabilities: check.capabilities ?? [], cost: check.cost }));
    if (args.json) {
      console.log(JSON.stringify(rows, null, 2));
      return;
    }
    let suite = '';
    for (const row of rows) {
      if (row.suite !== suite) console.log(`${suite === '' ? '' : '\n'}${(suite = row.suite)}`);
      console.log(`  ${row.id}\n    ${row.title} [${row.requirements.join(', ')}]`);
    }
    const total = (pick: (cost: { calls: number; recoveries: number }) => number): number => rows.reduce((sum, row) => sum + pick(row.cost), 0);
    console.log(`\n${rows.length} checks, about ${total((c) => c.calls)} calls and ${total((c) => c.recoveries)} recoveries`);
  },
};
