// What some tests need from the machine: a compiler, a browser, Wine. Without it they are skipped with a visible reason; where VDSC_REQUIRE
// names it (as CI does), its absence is a failure.
import { spawnSync } from 'node:child_process';
import { test } from 'vitest';

export type Tool = 'native' | 'browser' | 'wine';

const PROGRAMS: Readonly<Record<Tool, readonly string[]>> = {
  native: [process.env['CXX'] ?? 'c++', 'g++', 'clang++'],
  browser: ['/usr/bin/chromium', 'chromium'],
  wine: ['/usr/lib/wine/wine64', 'wine64'],
};

const runs = (program: string): boolean => spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0;
const found = new Map<Tool, boolean>();

/** Whether the machine has the tool. */
export function has(tool: Tool): boolean {
  let known = found.get(tool);
  if (known === undefined) found.set(tool, (known = PROGRAMS[tool].some(runs)));
  return known;
}

/**
 * Registers `body` (a describe or test) when the tool is there; else one skipped test that says why, or a failing one where VDSC_REQUIRE names it.
 */
export function needs(tool: Tool, title: string, body: () => void): void {
  if (has(tool)) body();
  else if ((process.env['VDSC_REQUIRE'] ?? '').split(',').includes(tool)) {
    test(title, () => { throw new Error(`VDSC_REQUIRE names ${tool}, but none of ${PROGRAMS[tool].join(', ')} runs here`); });
  } else test.skip(`${title} (skipped: needs one of ${PROGRAMS[tool].join(', ')})`, () => {});
}
