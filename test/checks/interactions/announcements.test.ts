// Announcements of stories that follow one another in one session.
import { expect, test } from 'vitest';
import { administer } from '../../../src/checks/interactions/array-changes.js';
import { disconnect } from '../../../src/checks/interactions/events.js';
import type { Port } from '../../../src/port/port.js';
import { resolve } from '../../../src/checks/interactions/resolve.js';
import { onStage } from '../../../src/checks/interactions/stage.js';
import { STATES_OF_OBJECTS } from '../../../src/checks/interactions/states/kinds.js';
import { drivesUnder } from '../../../src/model/index.js';
import { overridePort } from '../../../providers/defective/override.js';
import { createInMemory } from '../../../providers/in-memory/adapter.js';
import { loseEquipment } from '../../../src/checks/index.js';
import { eventName } from '../../../src/port/show-value.js';
import { inCheck, Provider } from '../in-check.js';

/** A LUN is imported. */
const IMPORT = 2;
/** Things are given other names, each with its event. */
const RENAME_ALOUD = 4;
const STORIES = 3;
/** Calls between an event and its notification. */
const CALLS_MEANWHILE = 400;

test("a subsystem's return in an earlier story does not count against one in this", async () => {
  const result = await inCheck(new Provider(), async (ctx) => {
    for (let story = 0; story < STORIES; story++)
      await onStage(ctx, ['luns'], async (player) => {
        await player.announcements.listen();
        expect(await disconnect(player, 1)).toBe(true);
        expect(await administer(player, IMPORT)).toBe(true);
      });
  });
  expect(result).toMatchObject({ verdict: 'passed', findings: [] });
});

test('a change at the array may be announced before the provider looks', async () => {
  const result = await inCheck(new Provider(), (ctx) =>
    onStage(ctx, ['luns'], async (player) => {
      await player.announcements.listen();
      expect(await administer(player, RENAME_ALOUD)).toBe(true);
      expect(player.steps.all.some((step) => step.includes('renames subsystem'))).toBe(true);
    }),
  );
  expect(result).toMatchObject({ verdict: 'passed', findings: [] });
});

test('a departure may be announced when the next calls have been made', async () => {
  const held: { after: number; deliver(): void }[] = [];
  const late = (): Port =>
    overridePort(createInMemory({ seed: 'test' }), {
      invoke: (_call, next) => {
        for (const each of held) if (each.after-- === 0) each.deliver();
        return next();
      },
      onNotification: (notification, deliver) => {
        const goes = notification.notifications.some(
          ({ portal }) => eventName(portal?.event) === 'VDS_NF_PORTAL_DEPART',
        );
        if (goes) held.push({ after: CALLS_MEANWHILE, deliver: () => deliver(notification) });
        else deliver(notification);
      },
    });
  const result = await inCheck(new Provider(undefined, late), loseEquipment, { faults: ['delete-object'] });
  expect(held).not.toEqual([]);
  expect(result).toMatchObject({ verdict: 'passed', findings: [] });
});

test('a call that frees space of a drive whose entry is lost need not announce that', async () => {
  let judged = 0;
  const result = await inCheck(
    new Provider(),
    (ctx) =>
      onStage(ctx, ['luns'], async (player) => {
        const { state, knowledge, calls } = player;
        const [lun] = state.ofKind('IVdsLun').filter(({ id }) => knowledge.own.has(id));
        const [drive] = drivesUnder(state, lun?.id ?? '');
        const deletion = resolve(
          { command: 'delete-lun', n: 0, relation: 'same' },
          state,
          { id: lun?.id ?? '' },
          knowledge,
        );
        if (drive === undefined || deletion === undefined) return;
        await player.handles.holdAll(state);
        await player.announcements.listen();
        const entered = await STATES_OF_OBJECTS.get('lost-entry')?.enter(player, drive, 0);
        const begun = await calls.start(deletion);
        if (begun === undefined) return;
        await entered?.leave([await calls.end(begun)]);
        judged += 1;
      }),
    { faults: ['lost-entry'] },
  );
  expect(judged).toBe(1);
  expect(result).toMatchObject({ verdict: 'passed', findings: [] });
});
