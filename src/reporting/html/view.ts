// Shared by the sections of the page: the run, and how its checks are named, linked and told apart by eye.
import type { RunHeader, RunSummary } from '../../run/events.js';
import { wasNotBegun, type CheckResult, type Verdict } from '../../checks/outcome.js';
import { EvidenceNames, hasEvidence } from '../store/evidence-names.js';
import { isBroken, isFailure, requirementOf } from '../insight/explain.js';
import { terminalLine } from '../text/plain-text.js';
import { UniqueNames } from '../text/unique-names.js';
import { html, type Markup } from './markup.js';

/** More stories than this are nobody's reading; the evidence has them all. */
const STORIES = 500;

export class View {
  /** The names of the checks' places on the page, the same in each run. */
  private readonly anchors = new Map<CheckResult, string>();
  private readonly stories = new Set<CheckResult>();
  /** How many more there are than the page reports. */
  readonly untold: number;
  private readonly files = new Map<CheckResult, string>();

  constructor(
    readonly header: RunHeader,
    readonly results: readonly CheckResult[],
    readonly summary: RunSummary,
  ) {
    const names = new EvidenceNames();
    const unique = new UniqueNames((n) => `-${n}`);
    for (const result of results) {
      this.anchors.set(result, `check-${unique.take(result.id.replace(/[^\w.-]+/g, '_').slice(0, 200))}`);
      if (hasEvidence(result)) this.files.set(result, `evidence/${names.for(result.id)}`);
    }
    const told = results.filter((r) => isBroken(r) || (r.verdict === 'inconclusive' && !wasNotBegun(r)));
    this.untold = Math.max(0, told.length - STORIES);
    for (const result of [...told.filter(isFailure), ...told.filter((r) => !isFailure(r))].slice(0, STORIES))
      this.stories.add(result);
  }

  /** Checks whose story the page reports: what failed, then what stayed open or is a known failure. */
  get told(): readonly CheckResult[] {
    return [...this.stories];
  }

  reports(result: CheckResult): boolean {
    return this.stories.has(result);
  }

  anchor(result: CheckResult): string {
    return this.anchors.get(result) ?? '';
  }

  /** The check's id, as a link to its story where it has one. */
  check(result: CheckResult): Markup {
    const id = terminalLine(result.id, 200);
    return this.reports(result)
      ? html`<a class="id" href="#${this.anchor(result)}">${id}</a>`
      : html`<span class="id">${id}</span>`;
  }

  /** Ids of the requirements that a check verifies or has findings of, by which it can be searched. */
  duties({ requirements, findings }: CheckResult): string {
    return [...new Set([...requirements, ...findings.map((f) => f.requirement)])].join(' ');
  }

  /** The file that holds all that was seen of a check, as the reader of the reports folder finds it. */
  whole(result: CheckResult): string {
    return this.files.get(result) ?? 'results.json';
  }
}

/** Class, sign and words, because colour alone is not visible to everybody. */
export interface Sign {
  readonly tone: string;
  readonly sign: string;
  readonly words: string;
}

export const VERDICT_SIGNS: Readonly<Record<Verdict, Sign>> = {
  passed: { tone: 'good', sign: '✓', words: 'passed' },
  failed: { tone: 'bad', sign: '✗', words: 'failed' },
  crashed: { tone: 'bad', sign: '‼', words: 'crashed' },
  hung: { tone: 'bad', sign: '∞', words: 'hung' },
  error: { tone: 'bad', sign: '!', words: 'error' },
  inconclusive: { tone: 'open', sign: '?', words: 'inconclusive' },
  'not-applicable': { tone: 'none', sign: '–', words: 'not applicable' },
};

/** The sign of a result: a known failure is one, and does not count. */
export function signOf({ verdict, known }: CheckResult): Sign {
  const sign = VERDICT_SIGNS[verdict];
  return known === undefined ? sign : { ...sign, tone: 'open', words: `${sign.words}, known` };
}

export function badge({ tone, sign, words }: Sign): Markup {
  return html`<span class="badge ${tone}"><span aria-hidden="true">${sign}</span> ${words}</span>`;
}

/** A requirement's id, as a link to its row where it has one. */
export function duty(id: string): Markup {
  const found = requirementOf(id);
  return found === undefined || found.level === 'CALLER'
    ? html`<span class="id">${terminalLine(id, 100)}</span>`
    : html`<a href="#${found.id}">${found.id}</a>`;
}

/** A requirement's level, as it stands beside its id. */
export const level = (text: string): Markup => html`<span class="level">${text}</span>`;
