import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { CallerCache, type Caller } from './caller-cache.js';

afterEach(() => {
  jest.useRealTimers();
});

const acme: Caller = {
  clientId: 'acme',
  livemode: false,
  rateLimit: null,
  totalRateLimit: null,
  domain: 'a.com',
  allowedSubdomains: [],
};
const changed: Caller = { ...acme, domain: 'b.com' };

/** A look-up whose answers a test gives one by one. */
function lookUp() {
  const waiting: Array<(caller: Caller | null) => void> = [];
  const look = (): Promise<Caller | null> => new Promise((resolve) => waiting.push(resolve));
  const answer = async (caller: Caller | null): Promise<void> => {
    waiting.shift()!(caller);
    await new Promise(setImmediate);
  };
  return { look, answer, waiting };
}

describe('The cache of callers', () => {
  it('asks once for all who wait, and for those who come later', async () => {
    const [cache, { look, answer, waiting }] = [new CallerCache(), lookUp()];
    const both = [cache.find('key', look), cache.find('key', look)];
    await answer(acme);
    expect(await Promise.all(both)).toEqual([acme, acme]);
    expect(await cache.find('key', look)).toBe(acme);
    expect(waiting).toHaveLength(0);
  });

  it('keeps no failure, and tells all who wait', async () => {
    const cache = new CallerCache();
    const fail = (): Promise<null> => Promise.reject(new Error('away'));
    const both = await Promise.allSettled([cache.find('key', fail), cache.find('key', fail)]);
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await cache.find('key', () => Promise.resolve(acme))).toBe(acme);
  });

  it('keeps that somebody is nobody, until it forgets', async () => {
    const [cache, { look, answer, waiting }] = [new CallerCache(), lookUp()];
    const found = cache.find('key', look);
    await answer(null);
    expect(await found).toBeNull();
    expect(await cache.find('key', look)).toBeNull();
    expect(waiting).toHaveLength(0);
    cache.forgetClient('acme');
    const again = cache.find('key', look);
    await answer(acme);
    expect(await again).toBe(acme);
  });

  it('keeps those who are not welcome apart, so that they drive nobody out', async () => {
    // However long this takes here, nothing is forgotten meanwhile.
    jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask'] });
    const cache = new CallerCache();
    const isWelcome = (): boolean => false;
    await cache.find('key', () => Promise.resolve(acme));
    for (let at = 0; at < 10_500; at += 1) {
      await cache.find(`guess ${at}`, () => Promise.resolve(changed), { isWelcome });
    }
    expect(await cache.find('key', () => Promise.reject(new Error('asked')))).toBe(acme);
  });

  it('asks strangers before it looks, and nobody else', async () => {
    const cache = new CallerCache();
    const refuse = (): Promise<void> => Promise.reject(new Error('stranger'));
    const look = (): Promise<Caller> => Promise.resolve(acme);
    await expect(cache.find('key', look, { asStranger: refuse })).rejects.toThrow('stranger');
    await cache.find('key', look);
    expect(await cache.find('key', look, { asStranger: refuse })).toBe(acme);
    // Looked up anew, and still no stranger, until it is nobody.
    cache.forget('key');
    expect(await cache.find('key', look, { asStranger: refuse })).toBe(acme);
    cache.forget('key');
    expect(await cache.find('key', () => Promise.resolve(null), { asStranger: refuse })).toBeNull();
    cache.forget('key');
    await expect(cache.find('key', look, { asStranger: refuse })).rejects.toThrow('stranger');
  });

  it.each<[string, (cache: CallerCache) => void]>([
    ['one caller', (cache) => cache.forget('key')],
    ['a client', (cache) => cache.forgetClient('acme')],
  ])('forgets %s: what it knows, and what it is just being told', async (_, forget) => {
    const [cache, { look, answer }] = [new CallerCache(), lookUp()];
    const first = cache.find('key', look);
    await answer(acme);
    expect(await first).toBe(acme);
    forget(cache);
    // Read before the change that it is forgotten for, answered after it.
    const second = cache.find('key', look);
    forget(cache);
    await answer(acme);
    await answer(changed);
    expect(await second).toBe(changed);
    expect(await cache.find('key', look)).toBe(changed);
    forget(cache);
    const third = cache.find('key', look);
    forget(cache);
    await answer(acme);
    await answer(null);
    expect(await third).toBeNull();
  });

  it('forgets nobody else', async () => {
    const [cache, { look, answer, waiting }] = [new CallerCache(), lookUp()];
    const found = cache.find('key', look);
    await answer(acme);
    await found;
    cache.forget('other');
    cache.forgetClient('umbrella');
    expect(await cache.find('key', look)).toBe(acme);
    expect(waiting).toHaveLength(0);
  });
});
