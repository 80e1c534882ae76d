// The shape of results.json, the evidence files and the journal: one source for their types, for reading them back, and
// for publication. A change that a reader of an older file would misunderstand raises the version.
import { z } from 'zod';
import { EFFORTS } from '../../checks/check.js';
import type { Json } from '../../contract/codec.js';
import type { Level } from '../../contract/requirements.js';
import type { BaselineEntry, BaselineOutcome } from '../../run/baseline.js';
import type {
  Coverage,
  PairCoverage,
  StateCoverage,
  Product,
  RunHeader,
  RunSummary,
  ShardHeader,
  ShardOrigin,
} from '../../run/events.js';
import {
  FAULT_VERDICTS,
  NATURES,
  REPRODUCTION_STATUSES,
  NOTE_KINDS,
  VERDICTS,
  type CheckResult,
  type Finding,
  type KnownFailure,
  type MatrixCell,
  type PlayedPairs,
  type VisitedCells,
  type Reproduction,
  type Note,
} from '../../checks/outcome.js';
import type { CallEntry, FaultEntry, NotificationEntry } from '../../port/trace-entry.js';
import { duration } from '../text/times.js';

export const SCHEMA_VERSION = 2;

/**
 * Why a file of another version of the format cannot be read, in a sentence; undefined for one of this version, and for
 * any other file.
 */
export function versionProblem(value: unknown): string | undefined {
  const version =
    typeof value === 'object' && value !== null ? (value as { schemaVersion?: unknown }).schemaVersion : undefined;
  return typeof version !== 'number' || version === SCHEMA_VERSION
    ? undefined
    : `it is in version ${version} of its format, and this vds-conformance reads version ${SCHEMA_VERSION} only; ` +
        'run the checks again, or read it with the vds-conformance that wrote it';
}

const LEVELS = ['MUST', 'SHOULD', 'AMBIGUOUS', 'CALLER'] as const satisfies readonly Level[];

const faultVerdict = z.enum(FAULT_VERDICTS).describe('how the fault case ended');
/** Differs between two runs of one seed, as startedAt does, and as nothing else may. */
const ms = z.number().nonnegative().describe('milliseconds; differs from run to run');
const count = z.int().nonnegative();
const value: z.ZodType<Json> = z
  .json()
  .describe(
    'plain data; what JSON has no word for is an object of one member: {"untouched": true}, {"bytes": 16}, ' +
      '{"object": "lun#1"}, {"hresult": 1}, {"enum": "VDS_LS_ONLINE"}, ' +
      '{"words": "at least 1 byte"}, and {"more": 12} ' +
      'at the end of a list that was cut',
  );
const values: z.ZodType<Readonly<Record<string, Json>>> = z.record(z.string(), value);

const findingSchema = z.object({
  requirement: z.string().describe('id of the duty that was not kept'),
  level: z.enum(LEVELS),
  message: z.string(),
  call: count.exactOptional().describe('number of the entry of the trace, a call or a notification, that showed it'),
  member: z.string().exactOptional().describe('the value that was compared'),
  of: z.string().exactOptional().describe('the object whose member it is'),
  expected: value.exactOptional(),
  actual: value.exactOptional(),
  objects: z.array(z.string()).exactOptional().describe('the objects that the message names'),
  event: z.string().exactOptional().describe('the event of the notification that it is about'),
  query: z.string().exactOptional().describe('the query whose list it is about'),
  nature: z
    .enum(NATURES)
    .exactOptional()
    .describe('a value that changed although no call was to change it, or what was seen when a check had ended'),
  orElse: z.string().exactOptional().describe('another answer that would have been as good, in words'),
  ids: z
    .record(z.string(), z.string())
    .exactOptional()
    .describe('the GUIDs behind the names that were expected or came, where the value is an id'),
  steps: z.array(z.string()).exactOptional().describe('the steps that led to it, in words'),
  faultVerdict: faultVerdict.exactOptional(),
} satisfies Members<Finding>);

const noteSchema = z.object({
  kind: z.enum(NOTE_KINDS),
  text: z.string(),
  times: z.int().positive().exactOptional().describe('how often it was made; once where it is absent'),
} satisfies Members<Note>);

const entry = {
  number: z
    .int()
    .positive()
    .describe('counts the entries of the check from 1; those that a long trace leaves out keep theirs'),
  at: ms.describe('milliseconds since the check began; differs from run to run'),
  phase: z.literal('clean-up').exactOptional().describe('present on what took back what the check had made'),
};

const traceEntrySchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('call'),
    ...entry,
    object: z
      .string()
      .describe('the object that the method was called on, by a name that is the same in each run: subsystem#2'),
    method: z.string().describe('IVdsLun.Extend'),
    args: values,
    hr: count.exactOptional().describe('the HRESULT, unsigned; absent when no answer came'),
    error: z.string().exactOptional().describe('stable code of what happened instead of an answer'),
    outputs: values,
    ms,
    mark: z.enum(['shows-it', 'died']).exactOptional().describe('what the call is to the verdict'),
  } satisfies Members<CallEntry>),
  z.object({
    type: z.literal('fault'),
    ...entry,
    kind: z.string(),
    object: z.string(),
    route: z.string(),
    proof: z.string(),
  } satisfies Members<FaultEntry>),
  z.object({
    type: z.literal('notification'),
    ...entry,
    count: z.int().describe('lNumberOfNotifications as the provider gave it'),
    notifications: z.array(value),
    mark: z.literal('shows-it').exactOptional(),
  } satisfies Members<NotificationEntry>),
]);

const matrixSchema = z.object({
  fault: z.string().describe('the fault kind, or the way in which the object vanishes'),
  method: z.string(),
  moment: z.string().describe('when, or by which reference, the method is called'),
} satisfies Members<MatrixCell>);

const pairsSchema = z.object({
  between: z.string().describe('what came between two commands: nothing, or overlap, damage and their like'),
  followers: z
    .record(z.string(), z.array(z.string()))
    .describe('by command of the model, those that directly followed it'),
} satisfies Members<PlayedPairs>);

const rolesByCommand = z.record(z.string(), z.array(z.string()));
const visitedSchema = z.object({
  state: z.string().describe('the state of an object that is related to that of the call'),
  seen: rolesByCommand.describe('by command of the model, the roles of that object'),
  left: rolesByCommand.describe('those that did not come up, although the provider has what they are about'),
} satisfies Members<VisitedCells>);

const stateCoverageSchema = z.object({
  state: z.string(),
  seen: count.describe('commands, each by the role of the object in this state to the one of the call'),
  possible: count.describe('those that the provider has'),
} satisfies Members<StateCoverage>);

const pairCoverageSchema = z.object({
  between: z.string(),
  seen: count.describe('pairs of commands of which one directly followed the other'),
  possible: count.describe('the pairs that there are of the commands that were played'),
} satisfies Members<PairCoverage>);

const lastDay = z.iso.date().describe('the last day, in UTC, on which it is excused');

/** Whether a text is a date as entries of a baseline have it: YYYY-MM-DD. */
export const isDay = (text: string): boolean => lastDay.safeParse(text).success;

const knownSchema = z.object({ reason: z.string(), expires: lastDay } satisfies Members<KnownFailure>);

const reproductionSchema = z.object({
  status: z.enum(REPRODUCTION_STATUSES).describe('with: after the checks before it that it needs'),
  checks: z
    .array(z.string())
    .describe('ids of the checks that were seen to show the failure on a fresh system, in this order; the last failed'),
  tries: count.describe('how often something was run to see it again'),
  reason: z.string().exactOptional().describe('why it was not tried, or not to the end'),
  like: z.string().exactOptional().describe('id of the check with the same symptom that was reproduced instead'),
} satisfies Members<Reproduction>);

const checkResultSchema = z.object({
  id: z.string(),
  suite: z.string(),
  title: z.string(),
  requirements: z.array(z.string()).describe('ids of the requirements that the check verifies'),
  unjudged: z
    .array(z.string())
    .exactOptional()
    .describe('those of them of which a check that passed has judged nothing, as what they are about did not come up'),
  matrix: matrixSchema.exactOptional().describe("the place of a generated check in its suite's matrix"),
  pairs: pairsSchema.exactOptional().describe("the pairs of the model's commands that a tour has played"),
  visited: z
    .array(visitedSchema)
    .exactOptional()
    .describe("the model's commands that a tour made while an object was in a state"),
  verdict: z.enum(VERDICTS),
  faultVerdict: faultVerdict.exactOptional(),
  reason: z.string().exactOptional().describe('absent when passed'),
  code: z.string().exactOptional().describe('stable code of a crash, hang or error'),
  problem: z.string().exactOptional().describe('the reason of a crash, hang or error without its hint and code'),
  hint: z.string().exactOptional().describe('what to do about a crash, hang or error'),
  findings: z.array(findingSchema),
  notes: z.array(noteSchema),
  trace: z
    .array(traceEntrySchema)
    .exactOptional()
    .describe('what passed the port, oldest first; of a check that passed only the calls that its findings name'),
  output: z
    .array(z.string())
    .exactOptional()
    .describe("lines that the provider's own process printed meanwhile; absent when passed"),
  calls: count,
  ms,
  known: knownSchema.exactOptional().describe('present when it is broken and the baseline of the run excuses it'),
  reproduction: reproductionSchema.exactOptional().describe('whether the failure was seen again, and by what'),
} satisfies Members<CheckResult>);

const baselineEntrySchema = z.strictObject({
  check: z.string().describe('id of the check; of several where it ends in *, and then the requirement must be named'),
  requirement: z
    .string()
    .exactOptional()
    .describe('id of the requirement whose failure is known; left out, whatever is wrong in the check'),
  reason: z.string().trim().min(1).describe('why the failure is accepted'),
  expires: lastDay,
} satisfies Members<BaselineEntry>);

const optionValues = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]));

/** The members that differ between the shards of one run. */
const origin = {
  provider: z.string().describe('the value of --provider'),
  settings: optionValues.exactOptional().describe("the adapter's own settings"),
  options: optionValues
    .exactOptional()
    .describe('options that limit the objects of the run and its changes, by their names in a configuration file'),
  startedAt: z.string().describe('ISO 8601, UTC, whole seconds; differs from run to run'),
  host: z.string(),
  checks: z.array(z.string()).describe('ids of the selected checks in the order of the run'),
};

const headerSchema = z.object({
  version: z.string().describe('of vds-conformance'),
  seed: z.string(),
  strict: z.boolean(),
  ...origin,
  limits: z
    .record(z.string(), z.number())
    .exactOptional()
    .describe('time limits other than the usual ones, in milliseconds, by their names in a configuration file'),
  effort: z
    .enum(EFFORTS)
    .exactOptional()
    .describe('the effort whose checks were all selected; absent where the selection was narrower'),
  npx: z.boolean().exactOptional().describe('whether the program was started through npx'),
  allowInconclusive: z
    .array(z.string())
    .exactOptional()
    .describe('ids of checks that may end inconclusive without making the run incomplete'),
  baseline: z
    .array(baselineEntrySchema)
    .exactOptional()
    .describe('known failures among the selected checks; absent where no baseline was given'),
  product: z
    .object({ name: z.string(), version: z.string() } satisfies Members<Product>)
    .exactOptional()
    .describe('what IVdsProvider::GetProperties said before the run'),
  shard: z
    .object({
      index: z.int().positive(),
      count: z.int().positive(),
      selection: z
        .array(z.string())
        .describe('ids of the checks of all shards together, in the order in which one run would take them'),
      ownSystem: z.boolean().describe('whether the user vouched that each shard has a system under test of its own'),
    } satisfies Members<ShardHeader>)
    .exactOptional()
    .describe('present when the run is one part of a larger one'),
  shards: z
    .array(z.object({ index: z.int().positive(), ...origin } satisfies Members<ShardOrigin>))
    .exactOptional()
    .describe('the parts that the run was put together from'),
} satisfies Members<RunHeader>);

const coverageSchema = z.object({
  observable: count.describe('requirements that bind a provider and can be observed at all'),
  checked: count,
  must: z.object({ observable: count, checked: count }).describe('the same of requirements at level MUST'),
  notApplicable: count,
  untestable: count,
  waiting: count.describe('observable, and waiting for a later release'),
} satisfies Members<Coverage>);

const summarySchema = z.object({
  counts: z.object(
    Object.fromEntries(VERDICTS.map((verdict) => [verdict, count])) as Record<(typeof VERDICTS)[number], typeof count>,
  ),
  findings: count.describe('SHOULD findings of checks that passed'),
  exitCode: z.int(),
  problems: z.array(z.string()).describe('what went wrong beside the checks'),
  interrupted: z.boolean(),
  ms,
  coverage: coverageSchema,
  pairs: z
    .array(pairCoverageSchema)
    .exactOptional()
    .describe("the pairs of the model's commands that all tours together have played; absent where there was no tour"),
  states: z
    .array(stateCoverageSchema)
    .exactOptional()
    .describe('the same of command × role of a related object × state of that; absent where there was no such tour'),
  baseline: z
    .object({
      known: count.describe('checks whose failure is excused'),
      unexpectedPasses: z.array(baselineEntrySchema).describe('entries whose check passed'),
      expired: z.array(baselineEntrySchema).describe('entries that had expired when the run began'),
    } satisfies Members<BaselineOutcome>)
    .exactOptional()
    .describe('what the known failures came to; absent where no baseline was given'),
} satisfies Members<RunSummary>);

/** results.json */
export const resultsSchema = z.object({
  schema: z.literal('vds-conformance/results'),
  schemaVersion: z.literal(SCHEMA_VERSION),
  header: headerSchema,
  summary: summarySchema,
  results: z.array(checkResultSchema),
});
export type ResultsFile = z.infer<typeof resultsSchema>;

/** The file of known failures, which a person keeps. */
export const baselineSchema = z.strictObject({
  $schema: z.string().exactOptional(),
  schema: z.literal('vds-conformance/baseline'),
  schemaVersion: z.literal(1),
  known: z.array(baselineEntrySchema),
});
export type BaselineFile = z.infer<typeof baselineSchema>;

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** The statement of a certificate about a run. */
export const statementSchema = z.object({
  schema: z.literal('vds-conformance/certificate'),
  schemaVersion: z.literal(1),
  issuedAt: z.string().describe('ISO 8601, UTC, whole seconds'),
  run: headerSchema
    .pick({
      version: true,
      provider: true,
      settings: true,
      effort: true,
      product: true,
      seed: true,
      strict: true,
      startedAt: true,
      host: true,
    })
    .extend({
      shards: z.int().positive().describe('parts that the run was put together from; 1 for a run on one machine'),
      checks: z.object({
        count,
        sha256: sha256.describe('of the ids of the selected checks in their order, with a line feed between them'),
      }),
    }),
  outcome: summarySchema
    .pick({ exitCode: true, counts: true, findings: true })
    .extend({ coverage: coverageSchema.omit({ must: true }), knownFailures: count, problems: count }),
  results: z.object({ sha256: sha256.describe('of the file results.json') }),
});
export type Statement = z.infer<typeof statementSchema>;

/** certificate.json: a DSSE envelope whose payload is the statement in UTF-8. */
export const certificateSchema = z.object({
  payloadType: z.literal('application/vnd.vds-conformance.certificate+json'),
  payload: z.base64(),
  signatures: z
    .array(
      z.object({
        keyid: z.string().describe('SHA-256 of the public key as SubjectPublicKeyInfo in DER'),
        sig: z.base64().describe('Ed25519, over the pre-authentication encoding of DSSE v1'),
      }),
    )
    .min(1),
});

/** evidence/<check id>.json */
export const evidenceSchema = z.object({
  schema: z.literal('vds-conformance/evidence'),
  schemaVersion: z.literal(SCHEMA_VERSION),
  run: headerSchema.omit({ checks: true, baseline: true, shard: true, shards: true }),
  command: z.string().describe('shows it again'),
  requirements: z
    .array(z.object({ id: z.string(), level: z.enum(LEVELS), statement: z.string(), source: z.array(z.string()) }))
    .describe('the duties that the findings name, or, without findings, those that the check verifies'),
  result: checkResultSchema,
});
export type EvidenceFile = z.infer<typeof evidenceSchema>;

/** A line of journal.ndjson. */
export const journalLineSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('header'),
    schema: z.literal('vds-conformance/journal'),
    schemaVersion: z.literal(SCHEMA_VERSION),
    header: headerSchema,
  }),
  z.object({ type: z.literal('result'), result: checkResultSchema }),
  z.object({ type: z.literal('summary'), summary: summarySchema }),
  z
    .object({ type: z.literal('resumed'), at: z.string().describe('ISO 8601, UTC, whole seconds'), host: z.string() })
    .describe('the run goes on in another process; a summary before this line does not hold any more'),
]);
export type JournalLine = z.infer<typeof journalLineSchema>;

/** Every member of the event, so that a field added there cannot be missing here. */
type Members<T> = { readonly [K in keyof Required<T>]: z.ZodType<Required<T>[K]> };

/**
 * The events as files carry them: members in the schema's order whatever the order they came in, nothing undeclared,
 * durations that JSON can hold (it has no NaN). Throws ZodError for anything else.
 */
export const recordOf = {
  header: (header: RunHeader): z.infer<typeof headerSchema> => headerSchema.parse(header),
  result: (result: CheckResult): z.infer<typeof checkResultSchema> =>
    checkResultSchema.parse({ ...result, ms: duration(result.ms) }),
  summary: (summary: RunSummary): z.infer<typeof summarySchema> =>
    summarySchema.parse({ ...summary, ms: duration(summary.ms) }),
};
