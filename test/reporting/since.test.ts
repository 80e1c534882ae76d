// Comparisons that an earlier run adds to the reports of a later one.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { CheckResult } from '../../src/checks/outcome.js';
import { createReporters } from '../../src/reporting/reporters.js';
import { newFolder } from '../support/folder.js';
import { failed, header, passed, play } from './samples.js';

const before: readonly CheckResult[] = [failed('a.a'), failed('a.b'), passed('a.c')];
const since = { file: 'r', header: header({ checks: before.map((r) => r.id) }), results: before };

async function reports(compared: boolean): Promise<{ readonly page: string; readonly lines: string }> {
  const folder = newFolder();
  let lines = '';
  const out = {
    write: (piece: string, done?: () => void) => {
      lines += piece;
      done?.();
    },
  };
  await play(createReporters({ reports: folder, out, ...(compared ? { since } : {}) }), [
    passed('a.a'),
    failed('a.b'),
    failed('a.c'),
  ]);
  return { page: readFileSync(join(folder, 'report.html'), 'utf8'), lines };
}

test('the reports say what fails newly, what was fixed and what still fails', async () => {
  const { page, lines } = await reports(true);
  expect(lines).toContain(`Since     ${since.header.startedAt}: 1 fail newly, 1 fixed, 1 still fail\n`);
  const section = page.slice(page.indexOf('<section id="since"')).split('</section>')[0] ?? '';
  expect(section).toMatch(/1 check is worse off.*Fails newly \(1\).*a\.c.*Fixed \(1\).*a\.a.*Still fails \(1\).*a\.b/s);
  expect(page).toContain('<a href="#since">');
});

test('and nothing of it without an earlier run', async () => {
  const { page, lines } = await reports(false);
  expect(page).not.toContain('id="since"');
  expect(lines).not.toContain('Since');
});

test('the page says where the time went', async () => {
  expect((await reports(false)).page).toMatch(/id="slowest">\s<summary>The 3 slowest took/);
});
