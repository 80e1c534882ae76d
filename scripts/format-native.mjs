// Holds the native provider's C++ to .clang-format: says which files differ and exits with 1, or formats them with
// --write. The generated header is left out.
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const GENERATED = /\/(vds_contract|documented_codes)\.h$/;
const formatter = createRequire(import.meta.url)('clang-format').getNativeBinary();

const files = execFileSync('git', ['ls-files', 'providers/ffi/native', 'test/support/wine'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => /\.(cpp|h)$/.test(file) && !GENERATED.test(file));
if (process.argv.includes('--write')) {
  execFileSync(formatter, ['-i', ...files], { cwd: root, stdio: 'inherit' });
} else {
  const differing = files.filter((file) => {
    const { stdout } = spawnSync(formatter, [file], { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26 });
    return stdout !== readFileSync(`${root}/${file}`, 'utf8');
  });
  for (const file of differing) console.error(`${file} is not formatted; run npm run format`);
  process.exitCode = differing.length > 0 ? 1 : 0;
}
