// Hints that are applied: a LUN's reach each of its plexes, and those whose bit the mask does not set stay as they
// were.
import { MASKED } from '../../../contract/flags.js';
import type { VDS_HINTS } from '../../../contract/generated/structures.js';
import { succeeded } from '../../../contract/hresult.js';
import type { Guid } from '../../../contract/guid.js';
import type { SystemState } from '../../../model/index.js';
import { equalValues } from '../../../truth/compare.js';
import type { Resolved } from '../resolve.js';
import type { Holder } from './witness.js';

/** The members of VDS_HINTS that have a bit of the mask, with it. */
const BITS: readonly (readonly [string, bigint])[] = [...(MASKED.get('VDS_HINTS')?.bits ?? [])];

/** Whoever makes the calls. */
type Player = Holder & { readonly state: SystemState };

type Hints = VDS_HINTS & Readonly<Record<string, unknown>>;

async function hintsOf(
  player: Player,
  id: Guid,
  by: 'IVdsLun.QueryHints' | 'IVdsLunPlex.QueryHints',
): Promise<Hints | undefined> {
  const object = await player.handles.forMethod(by, player.state, id);
  const result = await object?.call(by, {});
  return result !== undefined && succeeded(result.hr)
    ? ((result.out['hints'] as Hints | null) ?? undefined)
    : undefined;
}

/** A hint in words. */
const told = (hints: Hints, [name, bit]: (typeof BITS)[number]): unknown =>
  (hints.hintMask & bit) === 0n ? 'not applied' : hints[name];

/**
 * Looks at the hints before ApplyHints of a LUN is called; what is given looks at them afterwards. Undefined for other
 * calls.
 */
export async function watchHints(
  player: Player,
  { command, item, request }: Resolved,
): Promise<(() => Promise<void>) | undefined> {
  if (command.method !== 'IVdsLun.ApplyHints' && command.method !== 'IVdsLunPlex.ApplyHints') return undefined;
  const by = command.method === 'IVdsLun.ApplyHints' ? 'IVdsLun.QueryHints' : 'IVdsLunPlex.QueryHints';
  const before = await hintsOf(player, item.id, by);
  const mask = (request.args['hints'] as Hints).hintMask;
  return async () => {
    const after = await hintsOf(player, item.id, by);
    if (before === undefined || after === undefined) return;
    const other = BITS.find((b) => (mask & b[1]) === 0n && !equalValues(told(before, b), told(after, b)));
    if (other !== undefined)
      player.unkept(
        'VDS-10.12a',
        `the hint ${other[0]}, whose mask bit was not set, is ${String(told(after, other))} and was ` +
          `${String(told(before, other))}`,
      );
    if (by !== 'IVdsLun.QueryHints') return;
    for (const plex of player.state.ofKind('IVdsLunPlex', item.id)) {
      const own = await hintsOf(player, plex.id, 'IVdsLunPlex.QueryHints');
      const lacking =
        own === undefined
          ? undefined
          : BITS.find((b) => (mask & b[1]) !== 0n && !equalValues(told(own, b), told(after, b)));
      if (own !== undefined && lacking !== undefined)
        player.unkept(
          'VDS-10.12a',
          `the hint ${lacking[0]} of the LUN is ${String(told(after, lacking))}, and of its plex ${plex.id} ` +
            `${String(told(own, lacking))}`,
        );
    }
  };
}
