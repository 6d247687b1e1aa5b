import chromium from '@sparticuz/chromium';
import { chromium as playwright, type Browser, type BrowserContext } from 'playwright-core';

// Shopify's package turns away what looks like a robot, and Chromium without a window calls itself one.
const USER_AGENT =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/153.0.0.0 Safari/537.36';

/** A browser without a window: the one from npm on Linux x64, the machine's own Chrome elsewhere. */
export async function openBrowser(): Promise<Browser> {
  const fromNpm = process.platform === 'linux' && process.arch === 'x64';
  if (!fromNpm) return playwright.launch({ channel: 'chrome' });
  return playwright.launch({ executablePath: await chromium.executablePath(), args: careful(chromium.args) });
}

// The package's own list switches off what a browser protects: origins, cookies, who may frame whom. Tests need that.
function careful(args: string[]): string[] {
  const unsafe = /web-security|site-isolation|IsolateOrigins|insecure-content/;
  return [...args.filter((arg) => !unsafe.test(arg)), '--disable-background-networking'];
}

export function openPerson(browser: Browser, { phone = false } = {}): Promise<BrowserContext> {
  return browser.newContext({
    userAgent: USER_AGENT,
    viewport: phone ? { width: 390, height: 844 } : { width: 1280, height: 900 },
    locale: 'en-GB',
  });
}
