import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Request } from 'express';
import { Refusal, unauthorized } from '../errors/refusal.js';
import { MemoryBuckets } from './buckets.js';
import type { AsStranger } from './as-stranger.js';
import { RateLimits } from './rate-limits.js';

// What comes in with time must not come in here.
beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick'] });
});
afterEach(() => {
  jest.useRealTimers();
});

const from = (ip: string): Request => ({ ip }) as Request;
const attacker = from('192.0.2.1');

/** Tries to get in with something that has to be looked up: how often that happened, and what came of it. */
function guessing(limits: RateLimits, outcome: () => Promise<string>) {
  const seen = { lookedUp: 0 };
  const guess = (request = attacker): Promise<string> =>
    limits
      .countingFailures(request, async (asStranger: AsStranger) => {
        await asStranger();
        seen.lookedUp += 1;
        return outcome();
      })
      .catch((error: unknown) => (error instanceof Refusal ? error.kind : 'fault'));
  return { seen, guess };
}
const wrong = (): Promise<string> => new Promise((_, reject) => setImmediate(reject, unauthorized('No')));
const many = (count: number, ask: () => Promise<string>): Promise<string[]> =>
  Promise.all(Array.from({ length: count }, ask));

describe('Failed authentications', () => {
  it('over the limit are refused before any look-up, however many come at once', async () => {
    const { seen, guess } = guessing(new RateLimits(100, false, new MemoryBuckets()), wrong);
    const outcomes = await many(2_000, guess);
    expect(seen.lookedUp).toBe(300);
    expect(outcomes.filter((kind) => kind === 'unauthorized')).toHaveLength(seen.lookedUp);
    expect(new Set(outcomes)).toEqual(new Set(['unauthorized', 'rate_limited']));
  });

  it.each(['192.0.2.1:4711', '::ffff:192.0.2.1'])('are those of the same address from %s', async (ip) => {
    const { guess } = guessing(new RateLimits(100, false, new MemoryBuckets()), wrong);
    await many(400, guess);
    expect(await guess(from(ip))).toBe('rate_limited');
    expect(await guess(from('192.0.2.2'))).toBe('unauthorized');
  });

  it('from IPv6 are counted by /64', async () => {
    const { guess } = guessing(new RateLimits(100, false, new MemoryBuckets()), wrong);
    let last = 0;
    await many(400, () => guess(from(`2001:db8::${(last += 1).toString(16)}`)));
    expect(await guess(from('2001:db8::ffff:1'))).toBe('rate_limited');
    expect(await guess(from('2001:db8:0:1::1'))).toBe('unauthorized');
  });

  it.each<[string, () => Promise<string>, string]>([
    ['a success', () => Promise.resolve('in'), 'in'],
    ['a 403', () => Promise.reject(new Refusal('forbidden', 'No')), 'forbidden'],
    ['a 503', () => Promise.reject(new Refusal('unavailable', 'Away')), 'unavailable'],
    ['a fault', () => Promise.reject(new Error('Away')), 'fault'],
  ])('are none where it was %s', async (_, outcome, expected) => {
    const { guess } = guessing(new RateLimits(100, false, new MemoryBuckets()), outcome);
    const outcomes: string[] = [];
    for (let round = 0; round < 5; round += 1) {
      outcomes.push(...(await many(250, guess)));
    }
    expect(new Set(outcomes)).toEqual(new Set([expected]));
  });

  it('keep out nobody who needs no look-up', async () => {
    const limits = new RateLimits(100, false, new MemoryBuckets());
    await many(400, guessing(limits, wrong).guess);
    expect(await limits.countingFailures(attacker, () => 'in')).toBe('in');
  });

  it('have nothing to do with nonces and sockets', async () => {
    const limits = new RateLimits(100, false, new MemoryBuckets());
    await many(400, guessing(limits, wrong).guess);
    for (let at = 0; at < 300; at += 1) {
      await limits.takeNonce(attacker);
    }
    await expect(limits.takeNonce(attacker)).rejects.toThrow('Too many requests');
    await limits.takeSocket(attacker);
  });
});
