import { expect, test } from 'vitest';
import { paint } from '../../../src/reporting/text/paint.js';

test('a link leads to its address on a terminal, and is only its text elsewhere', () => {
  expect(paint(true, true).link('report.html', 'file:///r/report.html')).toBe(
    '\x1b]8;;file:///r/report.html\x1b\\report.html\x1b]8;;\x1b\\',
  );
  expect(paint(true).link('report.html', 'file:///r/report.html')).toBe('report.html');
});
