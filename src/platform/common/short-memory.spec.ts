import { expect, it } from '@jest/globals';
import { ShortMemory } from './short-memory.js';

const of = (version: number) => () => Promise.resolve({ version });

it('What was found is not looked up again, and what was not found each time', async () => {
  const memory = new ShortMemory<{ readonly version: number }>();
  expect(await memory.find('one', () => Promise.resolve(null))).toBeNull();
  expect(await memory.find('one', of(1))).toEqual({ version: 1 });
  expect(await memory.find('one', of(2))).toEqual({ version: 1 });
  expect(await memory.find('other', of(3))).toEqual({ version: 3 });
});

it('What changes during its look-up is not kept as it was, nor is a failure', async () => {
  const memory = new ShortMemory<{ readonly version: number }>();
  let answer = (_: { readonly version: number }): void => undefined;
  const first = memory.find('one', () => new Promise<{ readonly version: number }>((resolve) => (answer = resolve)));
  memory.forget();
  answer({ version: 1 });
  expect(await first).toEqual({ version: 1 });
  await expect(memory.find('one', () => Promise.reject(new Error('away')))).rejects.toThrow('away');
  expect(await memory.find('one', of(2))).toEqual({ version: 2 });
  memory.forget();
  expect(await memory.find('one', of(3))).toEqual({ version: 3 });
});
