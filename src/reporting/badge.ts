// badge.svg and badge.json: the verdict in a line, for a README or a dashboard. The JSON is what shields.io's endpoint
// badge reads.
import { join } from 'node:path';
import type { RunHeader, RunListener, RunSummary } from '../run/events.js';
import type { CheckResult } from '../checks/outcome.js';
import { EXIT } from '../run/summary.js';
import { AtomicFile, removeEarlier } from './report-files.js';
import { makeFolder } from '../lab/make-folder.js';

const LABEL = 'VDS conformance';
const GREEN = '#2e7d32';
const RED = '#b71c1c';
const AMBER = '#8a5a00';
const GREY = '#5f6368';

/** Dark enough that white text on it can be read. */
const SHOWN: Readonly<Record<number, readonly [words: string, color: string]>> = {
  [EXIT.conformant]: ['conformant', GREEN],
  [EXIT.notConformant]: ['not conformant', RED],
  [EXIT.incomplete]: ['incomplete', AMBER],
  [EXIT.interrupted]: ['interrupted', AMBER],
};

/** The text of the badge: `conformant 112/131`, with how many of the requirements were checked. */
export function badgeOf({ exitCode, coverage: { checked, observable, untestable }, baseline }: RunSummary): {
  readonly message: string;
  readonly color: string;
} {
  const [words, color] = SHOWN[exitCode] ?? ['no verdict', GREY];
  // Green with failures that are excused would be taken for green without.
  const known =
    exitCode === EXIT.conformant && baseline !== undefined && baseline.known > 0 ? ` but ${baseline.known} known` : '';
  return { message: `${words}${known} ${checked}/${observable + untestable}`, color: known === '' ? color : AMBER };
}

/** Pixels that a text takes at most in Verdana of 11 pixels; `textLength` makes it so in whatever font is there. */
const widthOf = (text: string): number => Math.round(text.length * 6.6) + 10;

function svg(message: string, color: string): string {
  const [left, right] = [widthOf(LABEL), widthOf(message)];
  const text = (what: string, from: number, width: number): string =>
    `<text x="${from + width / 2}" y="14" textLength="${width - 10}">${what}</text>`;
  // Its words are ours alone: nothing of a provider stands in it.
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${left + right}" height="20" role="img" aria-label="${LABEL}: ` +
    `${message}"><title>${LABEL}: ${message}</title>` +
    `<clipPath id="r"><rect width="${left + right}" height="20" rx="3"/></clipPath><g clip-path="url(#r)"><rect ` +
    `width="${left}" height="20" fill="#444"/><rect x="${left}" width="${right}" height="20" fill="${color}"/></g>` +
    '<g fill="#fff" text-anchor="middle" font-family="Verdana,Geneva,DejaVu Sans,sans-serif" ' +
    `font-size="11">${text(LABEL, 0, left)}${text(message, left, right)}</g></svg>\n`
  );
}

/** Writes the badge when the run has finished. */
export class BadgeReporter implements RunListener {
  constructor(private readonly reports: string) {}

  runStarted(): void {
    makeFolder(this.reports);
    removeEarlier(this.reports, /^badge\.(svg|json)(\.tmp)?$/, LABEL);
  }

  checkFinished(): void {}

  runFinished(_header: RunHeader, _results: readonly CheckResult[], summary: RunSummary): void {
    const { message, color } = badgeOf(summary);
    this.write('badge.svg', svg(message, color));
    this.write('badge.json', `${JSON.stringify({ schemaVersion: 1, label: LABEL, message, color }, null, 2)}\n`);
  }

  private write(name: string, text: string): void {
    const file = new AtomicFile(join(this.reports, name));
    file.write(text);
    file.finish();
  }
}
