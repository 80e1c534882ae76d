import { describe, expect, test } from 'vitest';
import { logLine, progressLine, wantsProgress } from '../../../src/reporting/console/progress.js';

describe('progressLine', () => {
  const half = { finished: 60, failures: 0, total: 120, current: 'luns.extend', spent: 60_000 };

  test.each([
    [
      'how far the run is, what time is left, and the check under way',
      half,
      79,
      '[##########----------] 60/120, about 60 s left: luns.extend',
    ],
    [
      'no time left before enough checks have ended',
      { ...half, finished: 19 },
      79,
      '[###-----------------] 19/120: luns.extend',
    ],
    [
      'a full bar only at the end',
      { ...half, finished: 119 },
      79,
      '[###################-] 119/120, about 504 ms left: luns.extend',
    ],
    [
      'that the reports are being written',
      { ...half, finished: 120, current: undefined },
      79,
      '[####################] 120/120: writing the reports',
    ],
    [
      'a run without checks',
      { finished: 0, failures: 0, total: 0, current: undefined, spent: 0 },
      79,
      '[####################] 0/0: writing the reports',
    ],
    ['how many failed', { ...half, failures: 3 }, 60, '60/120, 3 failed, about 60 s left: luns.extend'],
    ['without the bar where there is no room', half, 60, '60/120, about 60 s left: luns.extend'],
    ['without the time where there is less', half, 40, '60/120: luns.extend'],
    ['cut where there is hardly any', half, 12, '60/120: lun…'],
    ["no control character of a check's name", { ...half, current: 'a\x1b[31m\nb' }, 40, '60/120: a b'],
  ])('tells %s', (_, progress, width, line) => {
    expect(progressLine(progress, width)).toBe(line);
    expect(progressLine(progress, width).length).toBeLessThanOrEqual(width);
  });
});

test('progress is for terminals that can move their cursor, and not for the logs of CIs that pretend to be one', () => {
  expect(wantsProgress({ isTTY: true }, {})).toBe(true);
  expect(wantsProgress({ isTTY: true }, { CI: 'false', TERM: 'xterm-256color' })).toBe(true);
  expect(wantsProgress({ isTTY: true }, { CI: 'true' })).toBe(false);
  expect(wantsProgress({ isTTY: true }, { TERM: 'dumb' })).toBe(false);
  expect(wantsProgress({ isTTY: false }, {})).toBe(false);
  expect(wantsProgress({}, {})).toBe(false);
});

test('a log shows the progress of the run, its failures, and the time left', () => {
  const state = { finished: 412, failures: 3, total: 1493, current: 'luns.extend', spent: 412 * 2270 };
  expect(logLine(state)).toBe('412/1493, 3 failed, about 41 min left');
  expect(logLine({ ...state, failures: 0, finished: 5 })).toBe('5/1493');
});
