// The defects that were written without sight of the checks: each is noticed, or not, exactly as docs/blind-defects.md
// says.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { BLIND } from '../../../providers/defective/blind/defects.js';
import { defectNamed } from '../../../providers/defective/adapter.js';
import { DEFECTS } from '../../../providers/defective/catalogue.js';
import type { Defect } from '../../../providers/defective/defect.js';
import { requirement } from '../../../src/contract/requirements.js';
import { select } from '../../../src/run/selection.js';
import { ROOT } from '../../support/project.js';
import { SUITES } from '../../../suites/index.js';
import { named, noticed, outcomeOf } from './outcome.js';

/**
 * Those that no finding names a broken requirement for, and what is missing. When one is caught, take it off this list
 * and mend the document.
 */
const GAPS: Readonly<Record<string, string>> = {};

interface Row {
  readonly says: string;
  readonly breaks: string;
  readonly firstTry: string;
  readonly today: string;
}

const document = readFileSync(join(ROOT, 'docs/blind-defects.md'), 'utf8');
const rows: ReadonlyMap<string, Row> = new Map(
  [...document.matchAll(/^\| `(blind-[^`]+)` \|(.*)\|$/gm)].map(([, name = '', rest = '']) => {
    const [says = '', breaks = '', firstTry = '', , today = ''] = rest.split('|').map((cell) => cell.trim());
    return [name, { says, breaks, firstTry, today }];
  }),
);

/** The outcome that the document must report of a defect today. */
const today = new Map<string, string>();

async function becameOf(defect: Defect): Promise<string> {
  const checks = select(SUITES, { effort: 'full' }).filter(({ check }) =>
    [...(defect.after ?? []), ...defect.noticedBy].includes(check.id),
  );
  const { results } = await outcomeOf(defect, checks);
  const found = named(results.filter(noticed));
  const caught = defect.breaks.filter((id) => found.has(id));
  if (caught.length === 0) return results.some(noticed) ? 'an error, no finding' : 'not noticed';
  const byQuick = checks.some(({ check }) => (check.effort ?? 'quick') === 'quick');
  return `${caught.join(', ')}${byQuick ? '' : ', with effort standard'}`;
}

beforeAll(async () => {
  for (const defect of BLIND) today.set(defect.name, await becameOf(defect));
}, 600_000);

describe('the defects written without sight of the checks', () => {
  test('are fifteen, apart from the catalogue, and found by name', () => {
    expect(new Set(BLIND.map((d) => d.name)).size).toBe(15);
    for (const defect of BLIND) {
      expect(DEFECTS.some((d) => d.name === defect.name)).toBe(false);
      expect(defectNamed(defect.name)).toBe(defect);
    }
  });

  test('break requirements that there are, and more than a SHOULD', () => {
    for (const { name, breaks, strict } of BLIND)
      expect(
        breaks.every((id) => requirement(id).level === 'SHOULD'),
        name,
      ).toBe(strict === true);
  });

  test('stand in the document, each as it is', () => {
    expect([...rows.keys()]).toEqual(BLIND.map((d) => d.name));
    for (const { name, says, breaks } of BLIND)
      expect(rows.get(name)).toMatchObject({ says, breaks: breaks.join(', ') });
  });

  test('were caught at the first try as often as the document says', () => {
    const caught = [...rows.values()].filter((row) => row.firstTry.startsWith('yes')).length;
    expect(document).toContain(`${caught} of the 15 were caught`);
  });
});

describe.each(BLIND.map((d) => [d.name, d] as const))('%s', (name, defect) => {
  const gap = GAPS[name];
  if (gap !== undefined) test.todo(gap);

  test(
    gap === undefined
      ? 'is caught, as documented'
      : 'is still a gap, as documented; once it is caught, take it off the list',
    () => {
      const outcome = today.get(name) ?? '';
      expect(rows.get(name)?.today).toBe(outcome);
      expect(defect.breaks.some((id) => outcome.includes(id))).toBe(gap === undefined);
    },
  );
});
