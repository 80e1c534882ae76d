// What a call gave is what its object then has: not less than was asked for, nor much more, and the very text. The
// model lets an array round, and a provider compare names without regard to case: these are what the pages prefer.
import { VDS_SUB_SYSTEM_FLAG } from '../../../contract/generated/enumerations.js';
import type { Guid } from '../../../contract/guid.js';
import { HR } from '../../../contract/hresult.js';
import { looksLikeIscsiName } from '../../../contract/iscsi-name.js';
import type { Played, SystemState } from '../../../model/index.js';
import type { Context } from '../../context.js';
import { judgeRounding } from '../../lun-requests.js';
import type { Evidence } from '../../outcome.js';

interface Size {
  readonly before: bigint;
  readonly asked: bigint;
  readonly actual: bigint;
}

/** The size that a LUN came to have by a call that asked for one; undefined for other calls, or where it is unknown. */
function sizeAfter({ item, request, outcome }: Played, before: SystemState, after: SystemState): Size | undefined {
  const { sizeInBytes: asked, numberOfBytesToAdd: more } = request.args;
  const actual = after.member(outcome.made ?? item.id, 'size');
  const was = more === undefined ? 0n : before.member(item.id, 'size');
  const wanted = more ?? asked;
  return typeof wanted === 'bigint' && typeof actual === 'bigint' && typeof was === 'bigint'
    ? { before: was, asked: was + wanted, actual }
    : undefined;
}

/** Whether a subsystem says that LUNs may have a part of a drive. */
const takesParts = (state: SystemState, subSystem: Guid): boolean =>
  (Number(state.member(subSystem, 'flags')) & VDS_SUB_SYSTEM_FLAG.VDS_SF_DRIVE_EXTENT_CAPABLE) !== 0;

/** Judges a single call that was carried out, between two known states. */
export function judgeAsGiven(
  ctx: Context,
  call: Played,
  before: SystemState,
  after: SystemState,
  evidence: Evidence,
): void {
  const { command, item, request, outcome } = call;
  const size = sizeAfter(call, before, after);
  // One that takes whole drives rounds up to them, however large they are.
  if (size !== undefined && takesParts(before, call.subSystem)) judgeRounding(ctx, size, evidence);
  const { friendlyName } = request.args;
  const name = after.member(outcome.made ?? item.id, 'friendlyName');
  if (outcome.hr === HR.VDS_S_NAME_TRUNCATED && name !== undefined)
    ctx.duties.holds(
      'VDS-10.13',
      name !== friendlyName,
      `VDS_S_NAME_TRUNCATED was answered to ${JSON.stringify(friendlyName)}, of which all is kept`,
      evidence,
    );
  const given = request.args['iscsiName'];
  const stored = after.member(item.id, 'importTarget');
  // Of an id the name may be told.
  const isName = typeof given === 'string' && looksLikeIscsiName(given);
  if (command.name === 'set-import-target' && isName && typeof stored === 'string')
    ctx.duties.equal('VDS-1.7', 'the import target after SetImportTarget', stored, given, evidence);
}
