import { describe, expect, it } from '@jest/globals';
import { outcomeOf, type Answer } from './delivery-outcome.js';

const answer = (status: number | null, more: Partial<Answer> = {}): Answer => ({
  ...{ status, error: status === null ? 'ECONNREFUSED' : null, retryAfterMs: null },
  ...more,
});
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describe('The outcome of an attempt', () => {
  it.each([200, 201, 204, 299])('%i is success', (status) => {
    expect(outcomeOf(answer(status), 1, 3, 0.5)).toEqual({
      status: 'delivered',
      retryInMs: null,
      pauseMs: null,
      isGone: false,
    });
  });

  it.each([301, 302, 307, 400, 401, 404, 500])('%i is tried again, and the endpoint not left alone', (status) => {
    expect(outcomeOf(answer(status), 1, 0, 0.5)).toEqual({
      status: 'pending',
      retryInMs: 5_000,
      pauseMs: null,
      isGone: false,
    });
  });

  it('waits 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h, then fails', () => {
    const waits = Array.from({ length: 10 }, (_, at) => outcomeOf(answer(500), at + 1, 0, 0.5));
    expect(waits.map(({ retryInMs }) => retryInMs)).toEqual([
      ...[5_000, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR, null],
    ]);
    expect(waits.map(({ status }) => status)).toEqual([...Array<string>(9).fill('pending'), 'failed']);
  });

  it('waits up to a fifth less or more', () => {
    expect(outcomeOf(answer(500), 2, 0, 0).retryInMs).toBe(4 * MINUTE);
    expect(outcomeOf(answer(500), 2, 0, 1).retryInMs).toBe(6 * MINUTE);
  });

  it.each([429, 503])(
    'honours the Retry-After of a %i where it asks for more than was planned, up to a day',
    (status) => {
      expect(outcomeOf(answer(status, { retryAfterMs: HOUR }), 1, 0, 0.5).retryInMs).toBe(HOUR);
      expect(outcomeOf(answer(status, { retryAfterMs: 1_000 }), 1, 0, 0.5).retryInMs).toBe(5_000);
      expect(outcomeOf(answer(status, { retryAfterMs: 1e12 }), 1, 0, 0.5).retryInMs).toBe(24 * HOUR);
      expect(outcomeOf(answer(status, { retryAfterMs: HOUR }), 10, 0, 0.5)).toMatchObject({
        status: 'failed',
        retryInMs: null,
      });
    },
  );

  it('ignores it of any other answer', () => {
    expect(outcomeOf(answer(500, { retryAfterMs: HOUR }), 1, 0, 0.5).retryInMs).toBe(5_000);
  });

  it.each([null, 429, 502, 503, 504])(
    'leaves an endpoint alone that is away (%p): ever longer, at most five minutes',
    (status) => {
      const pauses = [0, 1, 2, 5, 6, 7, 1e6].map((before) => outcomeOf(answer(status), 1, before, 0.5).pauseMs);
      expect(pauses).toEqual([5_000, 10_000, 20_000, 160_000, 5 * MINUTE, 5 * MINUTE, 5 * MINUTE]);
      expect(outcomeOf(answer(status, { retryAfterMs: MINUTE }), 1, 0, 0.5).pauseMs).toBe(
        status === 429 || status === 503 ? MINUTE : 5_000,
      );
    },
  );

  it.each([429, 503])('leaves one alone as long as the Retry-After of its %i says, up to a day', (status) => {
    const pauseOf = (retryAfter: number, before = 0) =>
      outcomeOf(answer(status, { retryAfterMs: retryAfter }), 1, before, 0.5).pauseMs;
    expect([pauseOf(HOUR), pauseOf(1e12), pauseOf(1_000), pauseOf(HOUR, 20)]).toEqual([HOUR, 24 * HOUR, 5_000, HOUR]);
  });

  it('leaves one alone whose answer never ends', () => {
    expect(outcomeOf(answer(200, { error: 'Timed out' }), 1, 0, 0.5)).toMatchObject({
      status: 'pending',
      pauseMs: 5_000,
    });
  });

  it('sees that an endpoint is no more', () => {
    expect(outcomeOf(answer(410), 1, 0, 0.5)).toMatchObject({ status: 'pending', isGone: true });
  });
});
