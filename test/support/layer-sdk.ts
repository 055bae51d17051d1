import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { afterAll } from '@jest/globals';

interface Window {
  eval(source: string): unknown;
  close(): void;
}
interface JsdomModule {
  readonly JSDOM: new (html: string, options: object) => { readonly window: Window };
  readonly VirtualConsole: new () => object;
}
/** Its types would bring those of a browser into every test. */
const { JSDOM, VirtualConsole } = createRequire(import.meta.url)('jsdom') as JsdomModule;

const open = new Set<Window>();
afterAll(() => open.forEach((window) => window.close()));

type Module = { exports: unknown };
type Run = (require: (name: string) => unknown, module: Module, exports: unknown, global: unknown) => void;

/**
 * layer-websdk as its package is published, in a browser window of its own: each keeps its clients by app, and so two users
 * of one app take two windows. No bundler is needed for a hundred CommonJS files.
 */
// The SDK has no types.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export function openSdk(origin: string): any {
  // Its timers go on after a client is destroyed, and complain.
  const virtualConsole = new VirtualConsole();
  const { window } = new JSDOM('', {
    url: origin,
    runScripts: 'outside-only',
    pretendToBeVisual: true,
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
  return load(import.meta.url, 'layer-websdk');
}
