// Tools that some tests need from the machine: a compiler, a browser, Wine with a compiler for Windows. Without it they
// are skipped with a visible reason; where VDSC_REQUIRE names it (as CI does), its absence is a failure.
import { spawnSync } from 'node:child_process';
import { test } from 'vitest';

type Tool = 'native' | 'browser' | 'wine' | 'mingw';

const PROGRAMS: Readonly<Record<Tool, readonly string[]>> = {
  native: [process.env['CXX'] ?? 'c++', 'g++', 'clang++'],
  browser: ['/usr/bin/chromium', 'chromium'],
  wine: ['/usr/lib/wine/wine64'],
  // The compiler for what Wine runs.
  mingw: ['x86_64-w64-mingw32-g++-posix'],
};
/** Tools that are of no use without another. */
const ALSO: Partial<Readonly<Record<Tool, Tool>>> = { wine: 'mingw' };

const runs = (program: string): boolean => spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0;
const found = new Map<Tool, string | undefined>();
function find(tool: Tool): string | undefined {
  if (!found.has(tool)) found.set(tool, PROGRAMS[tool].find(runs));
  return found.get(tool);
}

/** The tool, or what it is of no use without, where the machine lacks it. */
function missing(tool: Tool): Tool | undefined {
  const also = ALSO[tool];
  return find(tool) === undefined ? tool : also === undefined ? undefined : missing(also);
}

/** The tool's program. Throws where the machine has none. */
export function first(tool: Tool): string {
  const program = find(tool);
  if (program === undefined) throw new Error(`none of ${PROGRAMS[tool].join(', ')} runs here`);
  return program;
}

/**
 * Registers `body` (a describe or test) when the tool is there; else one skipped test that says why, or a failing one
 * where VDSC_REQUIRE names it.
 */
export function needs(tool: Tool, title: string, body: () => void): void {
  const lacking = missing(tool);
  if (lacking === undefined) return body();
  const programs = PROGRAMS[lacking].join(', ');
  if ((process.env['VDSC_REQUIRE'] ?? '').split(',').includes(tool)) {
    test(title, () => {
      throw new Error(`VDSC_REQUIRE names ${tool}, but none of ${programs} runs here`);
    });
  } else test.skip(`${title} (skipped: needs one of ${programs})`, () => {});
}
