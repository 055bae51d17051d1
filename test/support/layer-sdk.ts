import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { afterAll } from '@jest/globals';
import { until } from './until.js';

interface Window {
  eval(source: string): unknown;
  close(): void;
}
interface JsdomModule {
  readonly JSDOM: new (html: string, options: object) => { readonly window: Window };
  readonly ResourceLoader: new (options: object) => object;
  readonly VirtualConsole: new () => object;
}
/** Its types would bring those of a browser into every test. */
const { JSDOM, ResourceLoader, VirtualConsole } = createRequire(import.meta.url)('jsdom') as JsdomModule;

const open = new Set<Window>();
afterAll(() => open.forEach((window) => window.close()));

type Module = { exports: unknown };
type Run = (require: (name: string) => unknown, module: Module, exports: unknown, global: unknown) => void;

// What an SDK without types hands out is what the tests are about.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Sdk = any;

/** The SDK of version 2 of the Client API, and that of version 3 without its widgets. */
export type SdkPackage = 'layer-websdk' | '@layerhq/web-xdk/index-core.js';

/**
 * An SDK as its package is published, in a browser window of its own: each keeps its clients by app, and so two users of one
 * app take two windows. No bundler is needed for a hundred CommonJS files.
 */
export function openSdk(origin: string, sdk: SdkPackage = 'layer-websdk'): Sdk {
  // Its timers go on after a client is destroyed, and complain.
  const virtualConsole = new VirtualConsole();
  const { window } = new JSDOM('', {
    url: origin,
    runScripts: 'outside-only',
    pretendToBeVisual: true,
    // The tests' certificate is signed by itself.
    resources: new ResourceLoader({ strictSSL: false }),
    virtualConsole,
  });
  open.add(window);
  const loaded = new Map<string, Module>();
  const load = (from: string, name: string): unknown => {
    const require = createRequire(from);
    const file = require.resolve(name);
    if (dirname(file) === '.') {
      // A part of Node.
      return require(file);
    }
    const known = loaded.get(file);
    if (known) {
      return known.exports;
    }
    const module: Module = { exports: {} };
    loaded.set(file, module);
    const source = readFileSync(file, 'utf8');
    if (file.endsWith('.json')) {
      module.exports = JSON.parse(source);
    } else {
      const run = window.eval(`(function (require, module, exports, global) {${source}\n})`) as Run;
      run.call(window, (inner) => load(file, inner), module, module.exports, window);
    }
    return module.exports;
  };
  return load(import.meta.url, sdk);
}

/** Resolves once it is sent; with what came of it. */
export async function sent(what: Sdk, event: 'conversations:sent' | 'channels:sent' | 'messages:sent'): Promise<Sdk> {
  let result: Sdk;
  what.on(event, (outcome: Sdk) => (result = outcome));
  await until(() => result);
  return result;
}

/** What the page of a conversation, or of a channel, would have: its messages, newest first. */
export function messagesOf(client: Sdk, { id }: { readonly id: string }): Sdk {
  return client.createQuery({
    model: 'Message',
    predicate: `${id.startsWith('layer:///channels/') ? 'channel' : 'conversation'}.id = '${id}'`,
    paginationWindow: 50,
  });
}

export async function say(conversation: Sdk, words: Sdk, notification?: object): Promise<Sdk> {
  const message = conversation.createMessage(words);
  message.send(notification);
  await sent(message, 'messages:sent');
  return message;
}
