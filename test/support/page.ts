import { webcrypto } from 'node:crypto';
import { createRequire } from 'node:module';
import { expect } from '@jest/globals';
import { until } from './until.js';

export interface Part {
  value: string;
  readonly textContent: string | null;
  dispatchEvent(event: object): void;
  click(): void;
}
interface PageDocument {
  querySelector(selector: string): Part & { textContent: string };
  querySelectorAll(selector: string): Iterable<Part>;
}
interface PageWindow {
  eval(script: string): void;
  fetch: typeof fetch;
  readonly crypto: object;
  readonly sessionStorage: {
    readonly length: number;
    key(at: number): string;
    getItem(key: string): string;
    setItem(key: string, value: string): void;
  };
  readonly Event: new (name: string, options: { cancelable: boolean }) => object;
  readonly location: { readonly href: string };
  readonly document: PageDocument;
}
interface Jsdom {
  readonly VirtualConsole: new () => object;
  readonly JSDOM: new (html: string, options: object) => { readonly window: PageWindow };
}
// Its types bring those of a browser along, for all files.
const { JSDOM, VirtualConsole } = createRequire(import.meta.url)('jsdom') as Jsdom;

export interface OpenPage {
  readonly window: PageWindow;
  readonly document: PageDocument;
  /** What the server has answered the page, newest last. */
  readonly answers: readonly string[];
  /** Sends its form, and waits for what the page says then. */
  readonly press: () => Promise<string>;
}

/** Opens a page of this server as a browser does; in the tab of an earlier one, where that is given. */
export async function openPage(site: string, path: string, before?: OpenPage): Promise<OpenPage> {
  const page = await fetch(`${site}${path}`);
  expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
  const html = await page.text();
  const [, script] = /src="([^"]+\.js)"/.exec(html)!;
  const options = { url: `${site}${path}`, runScripts: 'outside-only', virtualConsole: new VirtualConsole() };
  const { window } = new JSDOM(html, options);
  const answers: string[] = [];
  window.fetch = async (to, init) => {
    const response = await fetch(new URL(to, site), init);
    answers.push(await response.clone().text());
    return response;
  };
  // A browser has these; this one does not.
  Object.assign(window, { TextEncoder });
  Object.defineProperty(window.crypto, 'subtle', { value: webcrypto.subtle });
  const kept = before?.window.sessionStorage;
  for (let at = 0; at < (kept?.length ?? 0); at += 1) {
    window.sessionStorage.setItem(kept!.key(at), kept!.getItem(kept!.key(at)));
  }
  window.eval(`(() => {${await (await fetch(`${site}${script}`)).text()}\n})()`);
  const { document } = window;
  const press = async (): Promise<string> => {
    const status = document.querySelector('[role=status]');
    status.textContent = '';
    document.querySelector('form').dispatchEvent(new window.Event('submit', { cancelable: true }));
    return until(() => status.textContent);
  };
  return { window, document, answers, press };
}
