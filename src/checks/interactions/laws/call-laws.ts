// Laws of every call and every operation, whatever it is about: a call that failed hands out nothing, and an
// operation that has ended says the same of itself each time it is asked.
import { failed, formatHresult, HR, succeeded } from '../../../contract/hresult.js';
import type { MethodName } from '../../../contract/tables.js';
import type { IVdsAsync } from '../../../port/generated/typed.js';
import { madeBy, type MakeableKind, type Waited } from '../../../port/made-objects.js';
import { VdsObject, type Result } from '../../../port/objects.js';
import { displayName } from '../../../port/show-value.js';
import type { Knowledge, Played, SystemState } from '../../../model/index.js';
import type { Context } from '../../context.js';
import { isOfTheMoment } from '../../lun-habits.js';
import type { Evidence } from '../../outcome.js';
import { judgedStatus } from '../../operations.js';

/** A call that failed hands out no interface pointer. */
export function handsOutNothing(ctx: Context, { hr, out, record }: Result<Record<string, unknown>>): void {
  if (!failed(hr)) return;
  const pointer = Object.entries(out).find(([, value]) => value instanceof VdsObject);
  if (pointer !== undefined)
    ctx.duties.broken(
      'VDS-12.3c',
      `${displayName(record.method)} answered ${formatHresult(hr)} and yet wrote an interface pointer to its output ` +
        `"${pointer[0]}"`,
      { record },
    );
}

/** Where the documents leave it to the provider whether a request is carried out, it does so each time or never. */
export function treatsAlike({ duties }: Context, { command, request, outcome }: Played, evidence: Evidence): void {
  const { choice, method: name } = command;
  if (choice !== undefined && !isOfTheMoment(outcome.hr))
    duties.reading(
      `${displayName(name)} ${choice.of(request)}`,
      outcome.done ? 'carried out' : 'refused',
      choice.requirement,
      '',
      evidence,
    );
}

/** What a page says to be possible in a state is not refused there, where it was carried out before. */
export function doesWhatIsGranted(
  { duties }: Context,
  { command: { name, method: called, granted }, item, request, outcome }: Played,
  before: SystemState,
  knowledge: Knowledge,
  evidence: Evidence,
): void {
  if (granted === undefined || !knowledge.hasAccepted(name) || !granted.when(before, item, request)) return;
  duties.holds(
    granted.requirement,
    outcome.done || outcome.hr === HR.VDS_E_OPERATION_CANCELED || isOfTheMoment(outcome.hr),
    `${displayName(called)} answered ${formatHresult(outcome.hr)} ${granted.because}, and was carried out before`,
    evidence,
  );
}

/**
 * An operation on which Wait has returned: its result stays, nothing is handed over by a failure, and it is too late to
 * cancel it.
 */
export async function judgeEnded(
  ctx: Context,
  operation: IVdsAsync,
  waited: Waited,
  hr: number,
  { method: name, makes }: { readonly method: MethodName; readonly makes?: MakeableKind | undefined },
): Promise<void> {
  const { duties } = ctx;
  if (failed(hr))
    duties.holds(
      'VDS-8.3d',
      madeBy(waited) === null,
      'Wait handed over an object although its operation failed',
      waited,
    );
  else if (makes !== undefined || (typeof waited.out.asyncOut === 'object' && waited.out.asyncOut !== null))
    duties.outputType(waited, name);
  const { over, result } = await judgedStatus(ctx, await operation.queryStatus());
  duties.holds('VDS-8.5a', over, 'QueryStatus still reports pending after Wait has returned');
  if (over)
    duties.holds(
      'VDS-8.5a',
      result === hr || (succeeded(result) && succeeded(hr)),
      `QueryStatus reports ${formatHresult(result)} of an operation for which Wait reported ${formatHresult(hr)}`,
    );
  const again = await operation.wait();
  duties.code('VDS-8.3b', again, waited.hr, 'to a second Wait');
  if (again.hr === waited.hr && again.out.hrResult !== hr)
    duties.unkept(
      'VDS-8.3b',
      `a second Wait reports ${formatHresult(Number(again.out.hrResult))}, and the first ${formatHresult(hr)}`,
      again,
    );
  const handed = madeBy(again);
  if (makes !== undefined && handed === null && succeeded(again.hr) && succeeded(hr))
    duties.broken('VDS-8.4a', 'a second Wait hands over NULL for what the operation made', again);
  await handed?.release();
  duties.code(
    'VDS-8.7a',
    await operation.cancel(),
    [HR.VDS_E_CANCEL_TOO_LATE, HR.VDS_E_NOT_SUPPORTED, ...(hr === HR.VDS_E_OPERATION_CANCELED ? [hr] : [])],
    'on an operation that has ended',
  );
}
