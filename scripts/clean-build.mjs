// Removes from dist/ what no source stands behind any more, so that a module that was renamed does not go on living
// beside itself. The rest stays, and the build incremental. An argument names another root folder than the project's.
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = process.argv[2] ?? fileURLToPath(new URL('../', import.meta.url));
const dist = join(root, 'dist');
/** The folders that tsconfig.json includes. */
const COMPILED = ['src', 'providers', 'suites', 'test', 'bench'];
const MADE = /\.(?:js|js\.map|d\.ts|d\.ts\.map)$/;

/** Removes what is stale in a folder; returns whether the folder is empty now. */
function clean(folder) {
  let left = 0;
  for (const entry of readdirSync(join(dist, folder), { withFileTypes: true })) {
    const path = join(folder, entry.name);
    const isStale = entry.isDirectory()
      ? clean(path)
      : MADE.test(entry.name) && !existsSync(join(root, path.replace(MADE, '.ts')));
    if (isStale) rmSync(join(dist, path), { recursive: true });
    else left += 1;
  }
  return left === 0;
}

for (const folder of COMPILED) if (existsSync(join(dist, folder))) clean(folder);
