// `vds-conformance explain`: what a check does and why, or what a requirement says and which checks verify it.
import type { Argv, CommandModule } from 'yargs';
import { changes } from '../../lab/change-guard.js';
import { loadSuites } from '../../run/selection.js';
import { citation } from '../../contract/pages.js';
import { REQUIREMENTS, type Requirement } from '../../contract/requirements.js';
import { FAULT_KINDS } from '../../faults/kinds.js';
import { ConfigurationError } from '../../port/errors.js';
import { familyOf, isGenerated, type Check, type Suite } from '../../checks/check.js';
import { didYouMean } from '../../port/did-you-mean.js';
import { CONTRACT_ENTRIES, explainContract } from './explain-contract.js';
import type { OptionsOf } from '../options/options-of.js';
import { SUITES_MODULE } from '../package-files.js';

const options = (yargs: Argv<object>) =>
  yargs
    .positional('id', {
      type: 'string',
      demandOption: true,
      describe: 'a check, a requirement, a suite, or a method, interface, structure, enumeration, event or code of VDS',
    })
    .example('$0 explain import-target.round-trip', 'a check')
    .example('$0 explain VDS-5.6', 'a requirement')
    .example('$0 explain IVdsLun.Delete', 'a method')
    .example('$0 explain VDS_E_OBJECT_DELETED', 'a result code')
    .example('$0 explain import-target', 'a suite');

const describe = ({ id, level, verb, statement, why, source, untestable, waiting }: Requirement): string[] => [
  `${id} (${level}): ${statement}`,
  ...(level === 'CALLER' || level === 'AMBIGUOUS' ? [] : [`  The documents' own word: ${verb}.`]),
  ...(why === undefined ? [] : [`  Why this level: ${why}`]),
  ...source.map((each) => `  Documented at ${citation(each)}`),
  ...(waiting === undefined ? [] : [`  No check verifies it yet: ${waiting}`]),
  ...(untestable === undefined ? [] : [`  No check can observe it: ${untestable}`]),
];

const MOST_SHOWN = 40;

const counted = (count: number, one: string, many: string): string =>
  `${count.toLocaleString('en')} ${count === 1 ? one : many}`;

/**
 * How many checks can fail a requirement: a family counts as one, however many methods, faults and moments it goes
 * through.
 */
function verifiers(written: number, generated: readonly Check[]): string {
  const families = new Set(generated.map(familyOf)).size;
  if (families === 0) return counted(written, 'check', 'checks');
  const cells = `${counted(families, 'family', 'families')} of ${counted(generated.length, 'cell', 'cells')}`;
  return written === 0 ? cells : `${counted(written, 'check', 'checks')} and ${cells}`;
}

function suiteLines({ name, checks }: Suite): string[] {
  return [
    `${name}: ${checks.length} ${checks.length === 1 ? 'check' : 'checks'}`,
    ...checks.slice(0, MOST_SHOWN).map((c) => `  ${c.id}: ${c.title}`),
    ...(checks.length > MOST_SHOWN ? [`  and ${checks.length - MOST_SHOWN} more`] : []),
    '',
    `Run it: vds-conformance run --provider … --suite ${name}`,
  ];
}

function unknown(id: string, suites: readonly Suite[]): ConfigurationError {
  const near = didYouMean(id, [
    ...suites.flatMap((suite) => [suite.name, ...suite.checks.map((c) => c.id)]),
    ...REQUIREMENTS.map((r) => r.id),
    ...CONTRACT_ENTRIES.map(({ name }) => name),
  ]);
  return new ConfigurationError(`unknown check, requirement, suite, method, interface or code "${id}"`, {
    hint: near === '' ? 'vds-conformance list shows the checks and their requirements.' : near,
  });
}

export const explainCommand: CommandModule<object, OptionsOf<typeof options>> = {
  command: 'explain <id>',
  describe: 'Explain a check, requirement, suite, method, interface or result code',
  builder: options,
  handler: async ({ id }) => {
    const suites = await loadSuites(SUITES_MODULE);
    const checks = suites.flatMap((suite) => suite.checks);
    const asked = REQUIREMENTS.find((r) => r.id.toLowerCase() === id.toLowerCase());
    if (asked !== undefined) {
      const verify = checks.filter((c) => c.requirements.includes(asked.id));
      // Those that were written for it before those that a family makes of each method, fault and moment.
      const written = verify.filter((c) => !isGenerated(c));
      const shown = [...written, ...verify.filter(isGenerated)].slice(0, 20).map((c) => `  ${c.id}: ${c.title}`);
      console.log(
        [
          ...describe(asked),
          '',
          `Verified by ${verifiers(written.length, verify.filter(isGenerated))}${verify.length === 0 ? '.' : ':'}`,
          ...shown,
          ...(verify.length > 20 ? [`  and ${verify.length - 20} more`] : []),
        ].join('\n'),
      );
      return;
    }
    const check = checks.find((c) => c.id === id);
    if (check === undefined) {
      const suite = suites.find((each) => each.name === id);
      const lines = suite === undefined ? explainContract(id) : suiteLines(suite);
      if (lines === undefined) throw unknown(id, suites);
      console.log(lines.join('\n'));
      return;
    }
    console.log(
      [
        check.id,
        `  ${check.title}`,
        `  ${changes(check) ? 'Changes the system, and takes back what it did.' : 'Only reads.'} About ` +
          `${check.cost.calls} calls and ${check.cost.recoveries} recoveries.`,
        ...((check.capabilities ?? []).length === 0
          ? []
          : [`  Needs of the transport: ${check.capabilities?.join(', ')}`]),
        '',
        'Requirements:',
        ...check.requirements.flatMap((r) =>
          describe(REQUIREMENTS.find((each) => each.id === r) as Requirement).map((line) => `  ${line}`),
        ),
        ...((check.faults ?? []).length === 0
          ? []
          : [
              '',
              'Faults:',
              ...(check.faults ?? []).flatMap((kind) => {
                const { breaks, must, may } = FAULT_KINDS[kind];
                return [`  ${kind}: ${breaks}`, `    a provider must ${must}`, `    it may ${may}`];
              }),
            ]),
        '',
        `Run it: vds-conformance run --provider … --check ${check.id}`,
      ].join('\n'),
    );
  },
};
