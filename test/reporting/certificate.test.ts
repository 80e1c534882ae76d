import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ConfigurationError } from '../../src/port/errors.js';
import { readPrivateKey, readPublicKey, verifyCertificate, writeCertificate } from '../../src/reporting/certificate.js';
import { ResultsReporter } from '../../src/reporting/store/results.js';
import { certificateSchema } from '../../src/reporting/store/schema.js';
import { failed, header, passed, play, summaryOf } from './samples.js';
import { newFolder } from '../support/folder.js';

const RESULTS = [passed('a.1'), failed('a.2')];
const head = header({ checks: ['a.1', 'a.2'], product: { name: 'Example', version: '1.2' } });

function pem(key: KeyObject): string {
  const file = join(newFolder(), 'key.pem');
  writeFileSync(file, key.export({ format: 'pem', type: key.type === 'private' ? 'pkcs8' : 'spki' }));
  return file;
}
const pair = generateKeyPairSync('ed25519');
const other = generateKeyPairSync('ed25519');
const privateKey = readPrivateKey(pem(pair.privateKey));
const publicKey = readPublicKey(pem(pair.publicKey));

async function certified(): Promise<{ readonly file: string; readonly results: string }> {
  const reports = newFolder();
  await play(new ResultsReporter(reports), RESULTS, { header: head });
  return {
    file: writeCertificate(reports, head, summaryOf(RESULTS), privateKey, '2026-11-23T22:00:00Z'),
    results: join(reports, 'results.json'),
  };
}

describe('a certificate', () => {
  test('states the run and holds with the key that signed it and the results that it is about', async () => {
    const { file, results } = await certified();
    expect(verifyCertificate(file, publicKey, results)).toEqual({
      statement: expect.objectContaining({
        issuedAt: '2026-11-23T22:00:00Z',
        run: expect.objectContaining({
          provider: 'in-memory',
          product: { name: 'Example', version: '1.2' },
          seed: 'cafe0001',
          version: '0.1.0',
          shards: 1,
          checks: { count: 2, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
        }),
        outcome: expect.objectContaining({
          exitCode: 1,
          knownFailures: 0,
          counts: expect.objectContaining({ passed: 1, failed: 1 }),
        }),
      }),
    });
    // The same way as any tool that knows DSSE.
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
      payloadType: expect.any(String),
      payload: expect.any(String),
      signatures: [{ sig: expect.any(String) }],
    });
  });

  test('does not hold with a byte changed of what it states, nor for other results, nor with another key', async () => {
    const { file, results } = await certified();
    expect(verifyCertificate(file, other.publicKey)).toEqual({
      reason: expect.stringMatching(/signed with another key/),
    });
    const certificate = certificateSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
    const statement = Buffer.from(certificate.payload, 'base64').toString();
    appendFileSync(results, ' ');
    expect(verifyCertificate(file, publicKey, results)).toEqual({
      reason: expect.stringMatching(/about other results/),
    });
    writeFileSync(
      file,
      JSON.stringify({
        ...certificate,
        payload: Buffer.from(statement.replace('"exitCode":1', '"exitCode":0')).toString('base64'),
      }),
    );
    expect(verifyCertificate(file, publicKey)).toEqual({
      reason: expect.stringMatching(/changed after it was signed/),
    });
    writeFileSync(file, JSON.stringify({ ...certificate, signatures: [{ ...certificate.signatures[0], sig: '' }] }));
    expect(verifyCertificate(file, publicKey)).toEqual({ reason: expect.any(String) });
  });

  test('is gone when another run begins in its folder', async () => {
    const { file } = await certified();
    new ResultsReporter(join(file, '..')).runStarted();
    expect(() => verifyCertificate(file, publicKey)).toThrow(/ENOENT/);
  });

  test.each(['hello', '{}', '{"payloadType":"x","payload":"","signatures":[]}'])(
    'that is none (%s) is refused',
    (text) => {
      const file = join(newFolder(), 'certificate.json');
      writeFileSync(file, text);
      expect(() => verifyCertificate(file, publicKey)).toThrow(ConfigurationError);
    },
  );
});

describe('a key', () => {
  test('of another kind is refused, and how to make one is said', () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    expect(() => readPrivateKey(pem(rsa.privateKey))).toThrow(/of type rsa; a certificate takes Ed25519/);
    expect(() => readPublicKey(pem(ec.publicKey))).toThrow(/of type ec; a certificate takes Ed25519/);
    expect(() => readPrivateKey(pem(pair.publicKey))).toThrow(/no private key/);
    expect(() => readPrivateKey(join(newFolder(), 'none.pem'))).toThrow(/ENOENT/);
    try {
      readPrivateKey(pem(rsa.privateKey));
    } catch (error) {
      expect((error as ConfigurationError).hint).toContain('openssl genpkey -algorithm ed25519');
    }
  });
});
