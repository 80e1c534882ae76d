// Debian's Chromium, driven by playwright-core, for tests of what a person sees. It connects to nothing: pages are
// files, or given as text.
import { chromium, type BrowserContext } from 'playwright-core';
import { newFolder } from './folder.js';

/** Without its services, which would look for their hosts at every start. */
const ALONE = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Runs `use` with a browser of its own, which is closed and forgotten afterwards. */
export async function withBrowser<T>(
  settings: Omit<Parameters<typeof chromium.launchPersistentContext>[1], 'executablePath' | 'args'>,
  use: (browser: BrowserContext) => Promise<T>,
): Promise<T> {
  const profile = newFolder();
  const browser = await chromium.launchPersistentContext(profile, {
    ...settings,
    executablePath: '/usr/bin/chromium',
    args: ALONE,
  });
  try {
    return await use(browser);
  } finally {
    await browser.close();
  }
}
