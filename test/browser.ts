import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import chromium from '@sparticuz/chromium';
import {
  chromium as playwright,
  type Browser,
  type BrowserContext,
  type FrameLocator,
  type Page,
} from 'playwright-core';
import { root } from './build.ts';

// Shopify's package turns away what looks like a robot, and Chromium without a window calls itself one.
const USER_AGENT =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/153.0.0.0 Safari/537.36';

/** A browser without a window: the one from npm on Linux x64, the machine's own Chrome elsewhere. */
export async function openBrowser(): Promise<Browser> {
  const fromNpm = process.platform === 'linux' && process.arch === 'x64';
  if (!fromNpm) return playwright.launch({ channel: 'chrome' });
  return playwright.launch({ executablePath: await unpacked(), args: careful(chromium.args) });
}

/**
 * The package takes for unpacked what a process has only begun to unpack, and the next one would start half a browser. So it
 * is unpacked aside and put in its place whole.
 */
async function unpacked(): Promise<string> {
  const about = readFileSync(join(root, 'node_modules/@sparticuz/chromium/package.json'), 'utf8');
  const folder = join(tmpdir(), `esim-browser-${(JSON.parse(about) as { version: string }).version}`);
  if (!existsSync(folder)) {
    const aside = mkdtempSync(`${folder}-`);
    const unpack = `import chromium from '@sparticuz/chromium'; await chromium.executablePath();`;
    await promisify(execFile)(process.execPath, ['--input-type=module', '-e', unpack], {
      ...{ cwd: root, env: { ...process.env, TMPDIR: aside } },
    });
    try {
      renameSync(aside, folder);
    } catch (error) {
      rmSync(aside, { recursive: true });
      if (!existsSync(folder)) throw error; // else another process was faster
    }
  }
  return join(folder, 'chromium');
}

/**
 * The package's own list switches off what a browser protects: origins, cookies, who may frame whom. Tests need that. And it
 * draws with a graphics card made of software, which takes more of the processor than all the rest of a page.
 */
function careful(args: string[]): string[] {
  const unsafe = /web-security|site-isolation|IsolateOrigins|insecure-content/;
  const costly = /gpu|angle|swiftshader|single-process/;
  const kept = args.filter((arg) => !unsafe.test(arg) && !costly.test(arg));
  return [...kept, '--disable-gpu', '--disable-dev-shm-usage', '--disable-background-networking'];
}

export function openPerson(browser: Browser, { phone = false } = {}): Promise<BrowserContext> {
  return browser.newContext({
    userAgent: USER_AGENT,
    viewport: phone ? { width: 390, height: 844 } : { width: 1280, height: 900 },
    locale: 'en-GB',
  });
}

/** Opens the address in the admin, where the app is in a frame; resolves with the app once it does what is asked of it. */
export async function openApp(page: Page, url: string): Promise<FrameLocator> {
  await page.goto(url);
  return awakeApp(page);
}

/**
 * The app in the admin's page, once React has taken it over: before that a button is seen and does nothing, and what is
 * typed is forgotten.
 */
export async function awakeApp(page: Page): Promise<FrameLocator> {
  const element = await page.waitForSelector('[data-testid=app-frame]');
  const frame = await element.contentFrame();
  // The document is the last that React takes.
  await frame?.waitForFunction(
    `Object.keys(document.documentElement).some((key) => key.startsWith('__reactProps'))`,
  );
  return page.frameLocator('[data-testid=app-frame]');
}
