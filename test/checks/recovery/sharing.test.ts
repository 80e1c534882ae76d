// Checks that share a recovery: together, by themselves, and where some do not apply.
import { describe, expect, it } from 'vitest';
import type { Check } from '../../../src/checks/check.js';
import type { Context } from '../../../src/checks/context.js';
import { NotApplicable } from '../../../src/checks/outcome.js';
import { ofThose, Sharing } from '../../../src/checks/recovery/sharing.js';

const ctx = {} as Context;

function checksOf(words: readonly string[]): { checks: Check[]; played: (readonly string[])[] } {
  const played: (readonly string[])[] = [];
  const sharing = new Sharing<string>(async (_ctx, parts, lacking) => {
    const found = await ofThose(parts, lacking, async (part) => {
      if (part === 'missing') throw new NotApplicable('there is none');
      return part;
    });
    played.push(found);
  });
  const checks = words.map((word): Check => ({
    ...sharing.check(`suite.${word}`, word),
    title: word,
    requirements: [],
    cost: { calls: 1, recoveries: 1 },
  }));
  return { checks, played };
}

describe('checks that share a recovery', () => {
  it('are played at once, and say which of them do not apply', async () => {
    const { checks, played } = checksOf(['lun', 'missing', 'target']);
    const reasons = await checks[0]?.group?.play(ctx, checks);
    expect(played).toEqual([['lun', 'target']]);
    expect([...(reasons ?? [])]).toEqual([['suite.missing', 'there is none']]);
  });

  it('are played by themselves as well', async () => {
    const { checks, played } = checksOf(['lun', 'missing']);
    await checks[0]?.run(ctx);
    expect(played).toEqual([['lun']]);
    await expect(checks[1]?.run(ctx)).rejects.toThrow('there is none');
  });

  it('fail together with whatever is no want of a part', async () => {
    const sharing = new Sharing<string>((_ctx, parts, lacking) =>
      ofThose(parts, lacking, () => Promise.reject(new Error('wrong'))).then(() => {}),
    );
    await expect(sharing.check('suite.lun', 'lun').run(ctx)).rejects.toThrow('wrong');
  });
});
