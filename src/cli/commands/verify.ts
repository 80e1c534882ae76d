// `vds-conformance verify`: whether a certificate holds, and what it states.
import type { Argv, CommandModule } from 'yargs';
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
    .example(
      '$0 verify certificate.json --key vendor.pub.pem --results results.json',
      'is this the run that the vendor signed for?',
    );

export const verifyCommand: CommandModule<object, OptionsOf<typeof options>> = {
  command: 'verify <certificate>',
  describe: 'Verify a certificate: exit code 0 when it holds, 1 when it does not, with the reason',
  builder: options,
  handler: (args) => {
    const found = verifyCertificate(args.certificate, readPublicKey(args.key), args.results);
    if ('reason' in found) {
      console.error(`INVALID: ${found.reason}.`);
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
        `  run        vds-conformance ${terminalLine(run.version)}, seed ${terminalLine(run.seed)}${run.strict ? ', strict' : ''}, ${run.checks.count} checks, ${terminalLine(run.startedAt)}, ${terminalLine(run.host)}`,
        `  outcome    exit code ${outcome.exitCode}: ${Object.entries(outcome.counts)
          .filter(([, n]) => n > 0)
          .map(([verdict, n]) => `${n} ${verdict}`)
          .join(', ')}${outcome.knownFailures === 0 ? '' : `, of which ${outcome.knownFailures} known failures`}`,
        `  coverage   ${coverageSentence(outcome.coverage)}`,
        `  results    sha256 ${results.sha256}${args.results === undefined ? ' (not compared; --results does)' : ', as given'}`,
        `  issued     ${terminalLine(issuedAt)}`,
      ].join('\n'),
    );
  },
};
