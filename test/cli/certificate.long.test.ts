import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cli } from '../support/command-line.js';
import { newFolder } from '../support/folder.js';

test(
  "a run is signed with the user's key, and verify tells what holds from what does not",
  { timeout: 240_000 },
  () => {
    const keys = newFolder();
    const pair = generateKeyPairSync('ed25519');
    const [privateFile, publicFile, rsaFile] = [
      join(keys, 'key.pem'),
      join(keys, 'key.pub.pem'),
      join(keys, 'rsa.pem'),
    ];
    writeFileSync(privateFile, pair.privateKey.export({ format: 'pem', type: 'pkcs8' }));
    writeFileSync(publicFile, pair.publicKey.export({ format: 'pem', type: 'spki' }));
    writeFileSync(
      rsaFile,
      generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'pem', type: 'pkcs8' }),
    );
    const reports = newFolder();
    const run = ['run', '--provider', 'in-memory', '--suite', 'async', '--reports', reports];
    expect(cli(...run, '--certificate').err).toMatch(/--certificate and --key go together/);
    const refused = cli(...run, '--certificate', '--key', rsaFile);
    expect(refused.code).toBe(2);
    expect(refused.err).toMatch(/of type rsa; a certificate takes Ed25519.*openssl genpkey/);
    const signed = cli(...run, '--certificate', '--key', privateFile);
    expect(signed.code).toBe(0);
    expect(signed.out).toMatch(/certificate\.json signed/);
    const file = join(reports, 'certificate.json');
    const valid = cli('verify', file, '--key', publicFile, '--results', join(reports, 'results.json'));
    expect(valid.code).toBe(0);
    // The provider as given, and as it calls itself.
    expect(valid.out).toMatch(
      /^VALID.*provider {3}in-memory \((?!unknown)\S.*\).*exit code 0: \d+ passed.*requirements checked/s,
    );
    const required = (require: string) => cli('verify', file, '--key', publicFile, '--require', require);
    expect(required('conformant,checks=2').code).toBe(0);
    const selected = required('conformant,effort=standard');
    expect(selected.code).toBe(1);
    expect(selected.err).toMatch(/^NOT AS REQUIRED: .*does not say that all checks of an effort were selected/);
    expect(required('strict').err).toMatch(/the run was not strict/);
    expect(required('checks=100000').err).toMatch(/it is about \d+ checks/);
    expect(required('green')).toMatchObject({ code: 2, err: expect.stringMatching(/conformant, strict, effort=/) });
    const secret = cli('verify', file, '--key', privateFile);
    expect(secret).toMatchObject({ code: 2, err: expect.stringMatching(/private key/) });
    const invalid = cli('verify', file, '--key', publicFile, '--results', join(reports, 'junit.xml'));
    expect(invalid.code).toBe(1);
    expect(invalid.err).toMatch(/^INVALID: it is about other results/);
  },
);
