import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { loadConfig } from './config.js';

it('.env.example lists the settings that are read, and no others', () => {
  const read = new Set<string>();
  const spy = new Proxy<Record<string, undefined>>({}, { get: (_, name) => void read.add(String(name)) });
  loadConfig(spy);
  const text = readFileSync(new URL('../.env.example', import.meta.url), 'utf8');
  const listed = [...text.matchAll(/^#([A-Z][A-Z\d_]*)=/gm)].map(([, name]) => name!);
  expect(listed.toSorted()).toEqual([...read].toSorted());
});
