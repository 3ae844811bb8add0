// Opens pages in a real headless Chromium and keeps account of all they do that a report must not do.

import { accessSync, constants, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome'];
const usual = '/usr/bin/chromium';
const flags = [
  '--no-sandbox', // the tests may run as root
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** $CHROMIUM, the usual place, or what PATH has. Without one the tests of the page fail: it was not looked at. */
export function findChromium(environment: NodeJS.ProcessEnv = process.env): string {
  const { CHROMIUM: named, PATH = '' } = environment;
  const onPath = PATH.split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));
  const found = (named ? [named] : [usual, ...onPath]).find(isProgram);
  if (found) return found;
  throw new Error(
    named
      ? `CHROMIUM names ${named}, which is no program.`
      : 'The tests of the report open it in Chromium, and there is none: apt-get install chromium, or name one in CHROMIUM.',
  );
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export interface Opened {
  readonly page: Page;
  readonly url: string;
  /** What a report never does: requests, messages of the console, errors, dialogs, what its policy had to stop. */
  readonly complaints: string[];
}

/** One browser for the tests of a file; `close` it after them. */
export function newBrowser() {
  const folder = mkdtempSync(join(tmpdir(), 'drydock-pages-'));
  let started: Promise<Browser> | undefined;
  const open: Page[] = [];
  return {
    /** Opens a page of this HTML from a file, as a mail attachment is opened; `beforehand` runs before its own script. */
    async open(
      name: string,
      html: string,
      options: BrowserContextOptions = {},
      fragment = '',
      beforehand = '',
    ): Promise<Opened> {
      started ??= chromium.launch({ executablePath: findChromium(), args: flags });
      const path = join(folder, `${name}.html`);
      writeFileSync(path, html);
      const url = pathToFileURL(path).href;
      const context = await (await started).newContext({ viewport: { width: 1440, height: 900 }, ...options });
      const complaints: string[] = [];
      await context.route(
        () => true,
        (route) => {
          const asked = route.request().url();
          if (asked.split('#')[0] === url) return route.continue();
          complaints.push(`a request to ${asked}`);
          return route.abort();
        },
      );
      await context.exposeFunction('__complain', (what: string) => void complaints.push(what));
      await context.addInitScript(watching + beforehand);
      const page = await context.newPage();
      open.push(page);
      page.setDefaultTimeout(15_000);
      page.on('console', (message) => complaints.push(`the console: ${message.text()}`));
      page.on('pageerror', (error) => complaints.push(`an error: ${error.message}`));
      page.on('dialog', (dialog) => {
        complaints.push(`a dialog: ${dialog.message()}`);
        void dialog.dismiss();
      });
      page.on('popup', (popup) => complaints.push(`a window: ${popup.url()}`));
      await page.goto(url + fragment);
      return { page, url, complaints };
    },
    /** Pages that are no longer needed cost memory. */
    async tidy(): Promise<void> {
      for (const page of open.splice(0)) await page.context().close();
    },
    async close(): Promise<void> {
      await (await started)?.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Waits for what an expression says of the page; the policy of a report lets no tool of the page itself do that. */
export async function until(page: Page, expression: string): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    if (await page.evaluate(`Boolean(${expression})`)) return;
    await page.waitForTimeout(25);
  }
  throw new Error(`never came: ${expression}`);
}

/** Runs in the page before its own script. */
const watching = `
addEventListener('securitypolicyviolation', (event) => __complain('the policy stopped ' + event.violatedDirective + ' ' + event.blockedURI + ' ' + event.sample));
`;
