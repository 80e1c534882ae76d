// `vds-conformance verify`: whether a certificate holds, and what it states.
import { counted } from '../../contract/wording.js';
import type { Argv, CommandModule } from 'yargs';
import { EFFORTS, type Effort } from '../../checks/check.js';
import { ConfigurationError } from '../../port/errors.js';
import { EXIT } from '../../run/summary.js';
import { readPublicKey, verifyCertificate } from '../../reporting/certificate.js';
import { coverageSentence } from '../../reporting/text/verdict-words.js';
import { providerText } from '../../run/repeat-command.js';
import { terminalLine } from '../../reporting/text/plain-text.js';
import type { OptionsOf } from '../options/options-of.js';

const options = (yargs: Argv<object>) =>
  yargs
    .positional('certificate', { type: 'string', demandOption: true, describe: 'the certificate.json of a run' })
    .option('key', {
      type: 'string',
      demandOption: true,
      requiresArg: true,
      describe: 'the Ed25519 public key of whoever signed it, as PEM',
    })
    .option('results', { type: 'string', requiresArg: true, describe: 'the results.json that it must be about' })
    .option('require', {
      type: 'string',
      requiresArg: true,
      describe:
        'what the certificate must state besides, for a gate: conformant, strict, effort=standard (all checks of ' +
        'that effort), checks=N (at least that many), separated by commas',
    })
    .example(
      '$0 verify certificate.json --key vendor.pub.pem --results results.json',
      'is this the run that the vendor signed for?',
    );

type Statement = Extract<ReturnType<typeof verifyCertificate>, { readonly statement: unknown }>['statement'];

/**
 * The demands of `require` that the certificate does not meet, in words. Throws ConfigurationError for an unknown
 * demand.
 */
function unmetRequirements({ run, outcome }: Statement, require: string | undefined): string[] {
  if (require === undefined) return [];
  return require.split(',').flatMap((each) => {
    const [name = '', value] = each.trim().split('=');
    switch (name) {
      case 'conformant':
        return outcome.exitCode === EXIT.conformant
          ? []
          : [`the run ended with exit code ${outcome.exitCode}: not conformant`];
      case 'strict':
        return run.strict ? [] : ['the run was not strict'];
      case 'effort': {
        const wanted = EFFORTS.indexOf(value as Effort);
        if (wanted < 0) throw refusal(each);
        if (run.effort === undefined) return ['it does not say that all checks of an effort were selected'];
        return EFFORTS.indexOf(run.effort) >= wanted ? [] : [`the effort was ${run.effort} and not ${value}`];
      }
      case 'checks':
        if (!/^\d+$/.test(value ?? '')) throw refusal(each);
        return run.checks.count >= Number(value) ? [] : [`it is about ${counted(run.checks.count, 'check')}`];
      default:
        throw refusal(each);
    }
  });
}

const refusal = (each: string): ConfigurationError =>
  new ConfigurationError(`--require ${each} is unknown`, {
    hint: `It takes conformant, strict, effort=${EFFORTS.join('|')} and checks=N, separated by commas.`,
  });

export const verifyCommand: CommandModule<object, OptionsOf<typeof options>> = {
  command: 'verify <certificate>',
  describe: 'Verify a certificate: exit code 0 if it is valid, otherwise 1 with the reason',
  builder: options,
  handler: (args) => {
    const found = verifyCertificate(args.certificate, readPublicKey(args.key), args.results);
    if ('reason' in found) {
      console.error(`INVALID: ${found.reason}.`);
      process.exitCode = 1;
      return;
    }
    const unmet = unmetRequirements(found.statement, args.require);
    if (unmet.length > 0) {
      console.error(`NOT AS REQUIRED: the certificate holds, but ${unmet.join('; ')}.`);
      process.exitCode = 1;
      return;
    }
    const { run, outcome, issuedAt, results } = found.statement;
    const product =
      run.product === undefined ? 'unknown' : `${terminalLine(run.product.name)} ${terminalLine(run.product.version)}`;
    console.log(
      [
        'VALID: the certificate states',
        `  provider   ${terminalLine(providerText(run))} (${product})`,
        `  run        vds-conformance ${terminalLine(run.version)}, seed ` +
          `${terminalLine(run.seed)}${run.strict ? ', strict' : ''}, ${counted(run.checks.count, 'check')}, ` +
          `${terminalLine(run.startedAt)}, ${terminalLine(run.host)}`,
        `  outcome    exit code ${outcome.exitCode}: ${Object.entries(outcome.counts)
          .filter(([, n]) => n > 0)
          .map(([verdict, n]) => `${n} ${verdict}`)
          .join(', ')}${outcome.knownFailures === 0 ? '' : `, of which ${outcome.knownFailures} known failures`}`,
        `  coverage   ${coverageSentence(outcome.coverage)}`,
        '  results    sha256 ' +
          `${results.sha256}${args.results === undefined ? ' (not compared; --results does)' : ', as given'}`,
        `  issued     ${terminalLine(issuedAt)}`,
      ].join('\n'),
    );
  },
};
