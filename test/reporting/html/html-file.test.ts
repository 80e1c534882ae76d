// The file of the HTML report, apart from what the page says.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { HtmlReporter } from '../../../src/reporting/html/html-report.js';
import { failed, play } from '../samples.js';
import { newFolder } from '../../support/folder.js';

describe('the file', () => {
  test('forbids all but its own style and script', async () => {
    const reports = newFolder();
    await play(new HtmlReporter(reports), [failed('a.b')]);
    const page = readFileSync(join(reports, 'report.html'), 'utf8');
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1]?.replaceAll('&#39;', "'") ?? '';
    const digestOf = (element: string): string =>
      `'sha256-${createHash('sha256')
        .update(new RegExp(`<${element}>(.*?)</${element}>`, 's').exec(page)?.[1] ?? '')
        .digest('base64')}'`;
    expect(policy.split('; ')).toEqual([
      "default-src 'none'",
      `style-src ${digestOf('style')}`,
      `script-src ${digestOf('script')}`,
      "base-uri 'none'",
      "form-action 'none'",
    ]);
    expect(page).not.toMatch(/ style="| src="|@import|url\(/);
  });

  test('of an earlier run is gone when a run begins, and a file of another kind is not', () => {
    const reports = newFolder();
    const file = join(reports, 'report.html');
    writeFileSync(file, '<!doctype html><!-- vds-conformance report -->');
    const reporter = new HtmlReporter(reports);
    reporter.runStarted();
    expect(() => readFileSync(file)).toThrow(/ENOENT/);
    writeFileSync(file, '<!doctype html><p>mine</p>');
    reporter.runStarted();
    expect(readFileSync(file, 'utf8')).toContain('mine');
  });
});
