// The object of a device that is gone for a while: the pages contradict each other, so that a check asks which of the
// documented readings the provider shows, and holds it to that.
import { VDS_DRIVE_STATUS, VDS_SUB_SYSTEM_STATUS } from '../contract/generated/enumerations.js';
import { HR, succeeded } from '../contract/hresult.js';
import type { IVdsDrive, IVdsSubSystem } from '../port/generated/typed.js';
import type { Result } from '../port/objects.js';
import type { Context } from './context.js';

/**
 * Methods whose plausible arguments name secrets and initiators that no target knows, so that these may be refused
 * first: no page orders the tests.
 */
const WITH_WRONG_ARGUMENTS: ReadonlySet<string> = new Set([
  'IVdsIscsiTarget.SetSharedSecret',
  'IVdsIscsiTarget.RememberInitiatorSharedSecret',
]);

/** An object whose device is gone must have answered VDS_E_OBJECT_DELETED. */
export function saysDeleted(ctx: Context, result: Result<object>, when: string): void {
  ctx.duties.code(
    'VDS-7.1a',
    result,
    WITH_WRONG_ARGUMENTS.has(result.record.method)
      ? [HR.VDS_E_OBJECT_DELETED, HR.E_INVALIDARG, HR.VDS_E_NOT_SUPPORTED]
      : HR.VDS_E_OBJECT_DELETED,
    when,
  );
}

export type Departed = 'gone' | 'kept';

/**
 * A subsystem whose cable was pulled, after the pair: gone as a deleted object is, or kept with status OFFLINE, which
 * "indicates that the subsystem is disconnected". Anything else breaks VDS-5.2b.
 */
export async function disconnectedAs(ctx: Context, subSystem: IVdsSubSystem): Promise<Departed> {
  const answer = await subSystem.getProperties();
  const kept = succeeded(answer.hr);
  if (kept)
    ctx.duties.equal(
      'VDS-5.2b',
      'the status of a subsystem that was disconnected and is kept',
      ctx.duties.output('VDS-5.2b', answer, 'subSystemProp').status,
      VDS_SUB_SYSTEM_STATUS.VDS_SSS_OFFLINE,
      answer,
    );
  else ctx.duties.code('VDS-5.2b', answer, HR.VDS_E_OBJECT_DELETED, 'on a subsystem that was disconnected');
  ctx.duties.reading('a subsystem that is disconnected', kept ? 'is kept, with status OFFLINE' : 'is gone', 'VDS-5.2b');
  return kept ? 'kept' : 'gone';
}

/** Whether a drive that was pulled, and is kept, may report this status: a provider may be unable to tell more. */
export const isPulled = (status: unknown): boolean =>
  status === VDS_DRIVE_STATUS.VDS_DRS_REMOVED || status === VDS_DRIVE_STATUS.VDS_DRS_UNKNOWN;

/**
 * A drive that was pulled and is no longer listed: gone as a deleted object is, or kept until its last reference is
 * released, with a status that says so. Anything else breaks VDS-5.4b.
 */
export async function pulledAs(ctx: Context, drive: IVdsDrive, when: string): Promise<Departed> {
  const answer = await drive.getProperties();
  const kept = succeeded(answer.hr);
  if (kept) {
    const { status } = ctx.duties.output('VDS-5.4b', answer, 'driveProp');
    ctx.duties.holds(
      'VDS-5.4b',
      isPulled(status),
      `the object of ${when} answers with status ${status}, as if it were there`,
      answer,
    );
  } else ctx.duties.code('VDS-5.4b', answer, HR.VDS_E_OBJECT_DELETED, `on ${when}`);
  ctx.duties.reading(
    'the object of a drive that was pulled',
    kept ? 'reports that it is removed' : 'is gone',
    'VDS-5.4b',
  );
  return kept ? 'kept' : 'gone';
}
