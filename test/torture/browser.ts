// Opens pages in headless Chromium and watches them: what runs, what is loaded, what the policy of the page had to stop.

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { newScratch, type Result } from './kit.ts';
import { checkMarkdown } from './rendered.ts';

const places = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
];
const flags =
  '--headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking --disable-component-update --disable-sync --remote-debugging-pipe';

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Record<string, unknown>;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly message: string };
}

// Every button is pressed and every fold opened, as a reader would; what is copied goes into the list.
const useThePage = `(async () => {
  const copied = [];
  Object.defineProperty(navigator, 'clipboard', { value: { writeText: async (text) => { copied.push(text); } } });
  for (const details of document.querySelectorAll('details')) details.open = true;
  for (const button of document.querySelectorAll('button')) button.click();
  for (const input of document.querySelectorAll('input[type=search]')) { input.value = 'alert'; input.dispatchEvent(new Event('input', { bubbles: true })); }
  await new Promise((done) => setTimeout(done, 50));
  const tree = (element) => '<' + element.localName + [...element.children].map(tree).join('') + '>';
  return JSON.stringify({ copied, tree: tree(document.documentElement), elements: document.querySelectorAll('*').length });
})()`;

/** One result a page; a failure that says what to install where no browser is at hand. */
export async function openInBrowser(pages: readonly string[]): Promise<Result[]> {
  const program = places.find((place) => existsSync(place));
  if (!program)
    return [{ id: 'browser', ok: false, told: 'no Chromium here, so no page was opened: apt-get install chromium' }];
  const profile = join(newScratch(), 'profile');
  const browser = spawn(program, [...flags.split(' '), `--user-data-dir=${profile}`, 'about:blank'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
  });
  const connection = connect(browser.stdio[3] as Writable, browser.stdio[4] as Readable);
  try {
    const { targetId } = await connection.send('Target.createTarget', { url: 'about:blank' });
    const { sessionId } = await connection.send('Target.attachToTarget', { targetId, flatten: true });
    const send = (method: string, params: object = {}) => connection.send(method, params, String(sessionId));
    for (const domain of ['Page', 'Network', 'Log', 'Runtime']) await send(`${domain}.enable`);
    const results: Result[] = [];
    for (const page of pages) results.push(await openPage(page, send, connection));
    return results;
  } finally {
    browser.kill('SIGKILL');
  }
}

async function openPage(
  page: string,
  send: (method: string, params?: object) => Promise<Record<string, unknown>>,
  connection: ReturnType<typeof connect>,
): Promise<Result> {
  const url = pathToFileURL(page).href;
  connection.events.length = 0;
  await send('Page.navigate', { url });
  await connection.until((message) => message.method === 'Page.loadEventFired');
  const answer = (await send('Runtime.evaluate', {
    expression: useThePage,
    awaitPromise: true,
    returnByValue: true,
  })) as {
    result?: { value?: string };
  };
  const seen = JSON.parse(answer.result?.value ?? '{"copied":[],"tree":"","elements":0}') as {
    copied: string[];
    elements: number;
  };
  const complaints = connection.events.flatMap(({ method, params = {} }) => {
    if (method === 'Page.javascriptDialogOpening') return [`a dialog: ${JSON.stringify(params.message)}`];
    if (method === 'Runtime.exceptionThrown') return [`an error: ${JSON.stringify(params).slice(0, 300)}`];
    if (method === 'Runtime.consoleAPICalled') return [`the console: ${JSON.stringify(params.args).slice(0, 200)}`];
    if (method === 'Log.entryAdded') return [`the log: ${JSON.stringify(params.entry).slice(0, 300)}`];
    if (method === 'Network.requestWillBeSent') {
      const asked = String((params.request as { url?: string } | undefined)?.url);
      return asked === url || asked.startsWith('data:image/svg+xml,') ? [] : [`a request to ${asked}`];
    }
    return [];
  });
  for (const width of [390, 1300]) {
    await send('Emulation.setDeviceMetricsOverride', { width, height: 900, deviceScaleFactor: 1, mobile: false });
    const { result } = (await send('Runtime.evaluate', { expression: 'document.documentElement.scrollWidth' })) as {
      result?: { value?: number };
    };
    if ((result?.value ?? 0) > width) complaints.push(`${result?.value} pixels wide in a window of ${width}`);
  }
  if (seen.elements < 30) complaints.push(`only ${seen.elements} elements`);
  for (const copied of seen.copied)
    complaints.push(...checkMarkdown(copied).complaints.map((each) => `copied: ${each}`));
  const id = `browser ${page.split('/').at(-1)}`;
  return { id, ok: complaints.length === 0, told: complaints.slice(0, 5).join('; ') };
}

/** The DevTools protocol over two pipes: JSON texts that end in a NUL. */
function connect(output: Writable, input: Readable) {
  const events: Message[] = [];
  const waiting = new Map<number, (message: Message) => void>();
  const watching = new Set<(message: Message) => void>();
  let rest = '';
  let number = 0;
  input.setEncoding('utf8').on('data', (text: string) => {
    const texts = (rest + text).split('\0');
    rest = texts.pop() ?? '';
    for (const each of texts) {
      const message = JSON.parse(each) as Message;
      if (message.id !== undefined) waiting.get(message.id)?.(message);
      else events.push(message);
      for (const watch of watching) watch(message);
    }
  });
  const within = <T>(what: string, promise: Promise<T>) =>
    Promise.race([
      promise,
      new Promise<never>((_, reject) =>
        setTimeout(() => reject(new Error(`no answer to ${what} in 60 s`)), 60_000).unref(),
      ),
    ]);
  return {
    events,
    send(method: string, params: object = {}, sessionId?: string): Promise<Record<string, unknown>> {
      number += 1;
      const id = number;
      output.write(`${JSON.stringify({ id, method, params, ...(sessionId && { sessionId }) })}\0`);
      const answered = new Promise<Record<string, unknown>>((resolve, reject) => {
        waiting.set(id, ({ result, error }) => {
          waiting.delete(id);
          if (error) reject(new Error(`${method}: ${error.message}`));
          else resolve(result ?? {});
        });
      });
      return within(method, answered);
    },
    until(isIt: (message: Message) => boolean): Promise<void> {
      if (events.some(isIt)) return Promise.resolve();
      const came = new Promise<void>((resolve) => {
        const watch = (message: Message) => {
          if (!isIt(message)) return;
          watching.delete(watch);
          resolve();
        };
        watching.add(watch);
      });
      return within('a page', came);
    },
  };
}
