// Every probe of the model, on a short walk: what must be refused is dealt to its changes, and what must be answered is
// asked after each of them.
import { QUIET_CELLS, REFUSED_CELLS } from '../../../model/index.js';
import type { Context } from '../../context.js';
import { possible } from '../enabling.js';
import type { Player } from '../player.js';
import { probeEverywhere, probeRefusals } from '../prober.js';
import { onStage } from '../stage.js';
import { OF_PROBES, OF_SINGLE_PROBES, shuffled } from '../tour-plan.js';

/** Changes between which calls are made that must be refused: what one depends on changes with them. */
const AMONG_REFUSALS = [
  'create-lun',
  'delete-lun',
  'create-target',
  'mask-lun',
  'associate-targets',
  'delete-target',
  'extend-lun',
];

/** The same of queries, and before them one after which an object of each kind that can go has gone. */
const BEFORE_QUERIES = ['remove-plex', 'delete-portal-group', 'delete-lun'];
const AMONG_QUERIES = ['delete-target', 'create-lun', 'extend-lun'];
/** After each of these every query is made so many times, each time another of those that the state has. */
const TURNS = 3;
/** A state has hardly more of one. */
const MOST_CHOICES = 64;

/** Makes each change where it can be made, and something after it. */
async function among(
  player: Player,
  commands: readonly string[],
  act: (place: number) => Promise<void>,
): Promise<void> {
  for (const [place, command] of commands.entries()) {
    const resolved = await possible(player, { command, relation: 'same', n: 0 }, []);
    if (resolved !== undefined) await player.play(resolved);
    await act(place);
  }
}

/**
 * Makes every change that the state must refuse, with others between that are carried out: each is refused as it must
 * be, and leaves nothing behind.
 */
export const goThroughRefusals = (ctx: Context): Promise<void> =>
  onStage(ctx, ['luns', 'targets'], async (player) => {
    const places = shuffled(REFUSED_CELLS.length, ctx.random).map((i) => REFUSED_CELLS[i] ?? 0);
    const share = Math.ceil(places.length / AMONG_REFUSALS.length);
    await among(player, AMONG_REFUSALS, async (i) => {
      for (const n of [i, i + 1]) await probeRefusals(player, places.slice(i * share, (i + 1) * share), n);
    });
  });

/** The requirements that queries verify, with what was made and has gone between them. */
export const REQUIREMENTS_OF_QUERIES: readonly string[] = [
  ...OF_PROBES,
  ...OF_SINGLE_PROBES,
  'VDS-4.5b',
  'VDS-7.1a',
  'VDS-10.5b',
  'VDS-10.16b',
  'VDS-10.16c',
  'VDS-10.16k',
];

/** Makes every query, in each subsystem and of what is gone, with changes between; nothing changes by them. */
export const goThroughQueries = (ctx: Context): Promise<void> =>
  onStage(ctx, ['luns', 'targets'], async (player) => {
    const places = shuffled(QUIET_CELLS.length, ctx.random).map((i) => QUIET_CELLS[i] ?? 0);
    const first = ctx.random.below(MOST_CHOICES);
    await among(player, BEFORE_QUERIES, async () => {});
    await among(player, AMONG_QUERIES, async (i) => {
      for (let turn = 0; turn < TURNS; turn++) await probeEverywhere(player, places, first + i * TURNS + turn);
    });
    await player.lookClosely();
  });
