// Announcements of stories that follow one another in one session.
import { expect, test } from 'vitest';
import { administer } from '../../../src/checks/interactions/array-changes.js';
import { disconnect } from '../../../src/checks/interactions/events.js';
import { onStage } from '../../../src/checks/interactions/stage.js';
import { inCheck, Provider } from '../in-check.js';

/** A LUN is imported. */
const IMPORT = 2;
const STORIES = 3;

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
