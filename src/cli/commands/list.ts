// `vds-conformance list`: the checks of a selection, and what they would cost.
import { counted } from '../../contract/wording.js';
import type { Argv, CommandModule } from 'yargs';
import { changes } from '../../lab/change-guard.js';
import { loadSuites, select } from '../../run/selection.js';
import type { OptionsOf } from '../options/options-of.js';
import { SUITES_MODULE } from '../package-files.js';
import { selectionFrom, selectionOptions } from '../options/run-options.js';

const options = (yargs: Argv<object>) =>
  yargs
    .options(selectionOptions)
    .option('json', { type: 'boolean', default: false, describe: 'as JSON' })
    .option('suites', { type: 'boolean', default: false, describe: 'the suites with their counts only' });

export const listCommand: CommandModule<object, OptionsOf<typeof options>> = {
  command: 'list',
  describe: 'List the checks with their requirements and cost, without running anything',
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
    const bySuite = new Map<string, (typeof rows)[number][]>();
    for (const row of rows) bySuite.set(row.suite, [...(bySuite.get(row.suite) ?? []), row]);
    const width = Math.max(...[...bySuite.keys()].map((name) => name.length));
    for (const [suite, members] of bySuite) {
      const count = `${members.length} ${members.length === 1 ? 'check' : 'checks'}`;
      if (args.suites) {
        console.log(`${suite.padEnd(width)}  ${count}`);
        continue;
      }
      console.log(`${suite} (${count})`);
      for (const { id, title, requirements } of members)
        console.log(`  ${id}\n    ${title}${requirements.length === 0 ? '' : ` [${requirements.join(', ')}]`}`);
      console.log('');
    }
    const total = (pick: (cost: { calls: number; recoveries: number }) => number): number =>
      rows.reduce((sum, row) => sum + pick(row.cost), 0);
    console.log(
      `${args.suites ? '\n' : ''}${counted(rows.length, 'check')}, about ${counted(
        total((c) => c.calls),
        'call',
      )} and ${counted(
        total((c) => c.recoveries),
        'recovery',
        'recoveries',
      )}; ${rows.filter((r) => !r.changes).length} of them only read`,
    );
  },
};
