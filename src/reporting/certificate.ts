// A statement of a run that others can trust: signed with the user's Ed25519 key, as a DSSE envelope
// (https://github.com/secure-systems-lab/dsse), so that what was signed are bytes and not one of many ways to write the
// same JSON.
import { createHash, createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { RunHeader, RunSummary } from '../run/events.js';
import { ConfigurationError, messageOf } from '../port/errors.js';
import { AtomicFile } from './report-files.js';
import { certificateSchema, statementSchema, type Statement } from './store/schema.js';
import { problemsIn } from '../port/zod-problems.js';

const CERTIFICATE = 'certificate.json';
export const PAYLOAD_TYPE = 'application/vnd.vds-conformance.certificate+json';

function read(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new ConfigurationError(`${file} cannot be read: ${messageOf(error)}`, {
      hint: 'Is that its path?',
      cause: error,
    });
  }
}

const sha256 = (data: Buffer | string): string => createHash('sha256').update(data).digest('hex');

/** DSSE's pre-authentication encoding: the type is signed with the content, and neither can be taken for the other. */
const toSign = (payload: Buffer): Buffer =>
  Buffer.concat([Buffer.from(`DSSEv1 ${PAYLOAD_TYPE.length} ${PAYLOAD_TYPE} ${payload.length} `), payload]);

function key(file: string, kind: 'private' | 'public', make: (pem: Buffer) => KeyObject): KeyObject {
  const pem = read(file);
  // createPublicKey would derive the public key from it, and nobody would notice that the private one is about.
  if (kind === 'public' && pem.includes('PRIVATE KEY'))
    throw new ConfigurationError(`${file} holds a private key, which whoever verifies must not have`, {
      hint: 'Take the public one from it with: openssl pkey -in key.pem -pubout -out key.pub.pem',
    });
  const hint =
    kind === 'private'
      ? 'Make one with: openssl genpkey -algorithm ed25519 -out key.pem'
      : 'Take it from the private one with: openssl pkey -in key.pem -pubout -out key.pub.pem';
  let made: KeyObject;
  try {
    made = make(pem);
  } catch (error) {
    throw new ConfigurationError(`${file} holds no ${kind} key in PEM that can be read: ${messageOf(error)}`, { hint });
  }
  if (made.asymmetricKeyType !== 'ed25519')
    throw new ConfigurationError(
      `${file} holds a key of type ${made.asymmetricKeyType ?? 'unknown'}; a certificate takes Ed25519`,
      { hint },
    );
  return made;
}

/** Throws ConfigurationError for a file that holds no Ed25519 private key. */
export const readPrivateKey = (file: string): KeyObject => key(file, 'private', createPrivateKey);
/** Throws ConfigurationError for a file that holds no Ed25519 public key. */
export const readPublicKey = (file: string): KeyObject => key(file, 'public', createPublicKey);

/** Names a key, so that a reader can tell which one to try. */
const keyId = (publicKey: KeyObject): string => sha256(publicKey.export({ type: 'spki', format: 'der' }));

function statementOf(header: RunHeader, summary: RunSummary, results: Buffer, issuedAt: string): Statement {
  const { version, provider, settings, effort, product, seed, strict, startedAt, host, checks, shards } = header;
  return statementSchema.parse({
    schema: 'vds-conformance/certificate',
    schemaVersion: 1,
    issuedAt,
    run: {
      version,
      provider,
      ...(settings === undefined ? {} : { settings }),
      ...(effort === undefined ? {} : { effort }),
      ...(product === undefined ? {} : { product }),
      seed,
      strict,
      startedAt,
      host,
      shards: shards?.length ?? 1,
      checks: { count: checks.length, sha256: sha256(checks.join('\n')) },
    },
    outcome: {
      exitCode: summary.exitCode,
      counts: summary.counts,
      findings: summary.findings,
      knownFailures: summary.baseline?.known ?? 0,
      problems: summary.problems.length,
      coverage: summary.coverage,
    },
    results: { sha256: sha256(results) },
  });
}

/**
 * Signs a statement of the run whose results.json is in the folder, and writes it there. Throws ConfigurationError when
 * that file is missing.
 */
export function writeCertificate(
  reports: string,
  header: RunHeader,
  summary: RunSummary,
  privateKey: KeyObject,
  issuedAt: string,
): string {
  const payload = Buffer.from(
    JSON.stringify(statementOf(header, summary, read(join(reports, 'results.json')), issuedAt)),
  );
  const certificate = certificateSchema.parse({
    payloadType: PAYLOAD_TYPE,
    payload: payload.toString('base64'),
    signatures: [
      { keyid: keyId(createPublicKey(privateKey)), sig: sign(null, toSign(payload), privateKey).toString('base64') },
    ],
  });
  const file = new AtomicFile(join(reports, CERTIFICATE));
  file.write(`${JSON.stringify(certificate, null, 2)}\n`);
  file.finish();
  return file.file;
}

/** The statement of a certificate that holds, or why it does not. */
type Verification = { readonly statement: Statement } | { readonly reason: string };

/**
 * Verifies a certificate.
 *
 * @param results the results.json that it must be about; left out, only the statement itself is verified
 * @throws ConfigurationError when a file cannot be read
 */
export function verifyCertificate(file: string, publicKey: KeyObject, results?: string): Verification {
  const { payload, signatures } = parse(certificateSchema, read(file), `${file} cannot be read as a certificate`);
  const bytes = Buffer.from(payload, 'base64');
  if (!signatures.some(({ sig }) => verify(null, toSign(bytes), publicKey, Buffer.from(sig, 'base64')))) {
    const ids = signatures.map(({ keyid }) => keyid);
    return {
      reason: ids.includes(keyId(publicKey))
        ? 'the signature is not of what stands in it: it was changed after it was signed'
        : `it was signed with another key (${ids.map((id) => id.slice(0, 16)).join(', ')}; this one is ` +
          `${keyId(publicKey).slice(0, 16)})`,
    };
  }
  const statement = parse(statementSchema, bytes, `${file} is signed, but this version cannot read its statement`);
  if (results === undefined || sha256(read(results)) === statement.results.sha256) return { statement };
  return { reason: `it is about other results: ${results} is not the file that it was made for, or was changed since` };
}

function parse<T>(schema: z.ZodType<T>, bytes: Buffer, problem: string): T {
  let why: string;
  try {
    const parsed = schema.safeParse(JSON.parse(bytes.toString()));
    if (parsed.success) return parsed.data;
    why = problemsIn(parsed.error);
  } catch (error) {
    why = messageOf(error);
  }
  throw new ConfigurationError(`${problem}: ${why}`, {
    hint: 'run --certificate --key <file> writes certificate.json into the reports folder.',
  });
}
