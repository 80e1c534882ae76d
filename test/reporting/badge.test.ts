import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import { BadgeReporter, badgeOf } from '../../src/reporting/badge.js';
import { failed, passed, play, summaryOf } from './samples.js';
import { newFolder } from '../support/folder.js';

describe('the badge', () => {
  test.each([
    [0, /^conformant \d+\/\d+$/],
    [1, /^not conformant \d+\/\d+$/],
    [4, /^incomplete/],
    [130, /^interrupted/],
    [2, /^no verdict/],
    [3, /^no verdict/],
  ] as const)('of exit code %i says so', (exitCode, message) => {
    expect(badgeOf(summaryOf([passed('a.1')], { exitCode })).message).toMatch(message);
  });

  test('is green for a run without failures only', () => {
    const entry = { check: 'a.1', reason: 'r', expires: '2026-12-31' };
    const green = badgeOf(summaryOf([passed('a.1')], { exitCode: 0 }));
    const known = badgeOf(
      summaryOf([passed('a.1')], { exitCode: 0, baseline: { known: 2, unexpectedPasses: [entry], expired: [] } }),
    );
    expect(known.message).toMatch(/^conformant but 2 known/);
    expect(known.color).not.toBe(green.color);
  });

  test('is written as well-formed SVG that says it without colour, and as what shields.io reads', async () => {
    const reports = newFolder();
    await play(new BadgeReporter(reports), [passed('a.1'), failed('a.2')]);
    const svg = readFileSync(join(reports, 'badge.svg'), 'utf8');
    expect((await validateXML({ xml: { fileName: 'badge.svg', contents: svg }, schema: [] })).valid).toBe(true);
    const badge = JSON.parse(readFileSync(join(reports, 'badge.json'), 'utf8')) as { message: string };
    expect(badge).toEqual({
      schemaVersion: 1,
      label: 'VDS conformance',
      message: expect.stringMatching(/^not conformant/),
      color: expect.stringMatching(/^#/),
    });
    expect(svg).toContain(`<title>VDS conformance: ${badge.message}</title>`);
    expect(svg).not.toMatch(/<script|href|url\((?!#)/);
  });
});
