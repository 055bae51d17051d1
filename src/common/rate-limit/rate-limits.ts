import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { now, unixSeconds } from '../clock.js';
import { Refusal } from '../errors/refusal.js';

/** Requests are counted over this many seconds, so a burst of twice the rate passes. */
const WINDOW = 2;
/** Failed authentications of one address per minute; valid keys from there still work. */
const FAILURES_PER_MINUTE = 300;

/** How often a secret key may ask, and an address may fail to say who it is. Counted in this process. */
@Injectable()
export class RateLimits {
  private readonly requests: RateLimiterMemory | null;
  private readonly failures: RateLimiterMemory | null;

  /** @param perSecond of each secret key; false is no limit at all */
  constructor(perSecond: number | false) {
    this.requests =
      perSecond === false ? null : new RateLimiterMemory({ points: perSecond * WINDOW, duration: WINDOW });
    this.failures = perSecond === false ? null : new RateLimiterMemory({ points: FAILURES_PER_MINUTE, duration: 60 });
  }

  /** Takes one request of `key`, and tells the caller what is left. @throws Refusal 429 */
  async take(key: string, response: Response): Promise<void> {
    if (!this.requests) {
      return;
    }
    const state = await consume(this.requests, key);
    response.setHeader('X-RateLimit-Limit', this.requests.points);
    response.setHeader('X-RateLimit-Remaining', state.remainingPoints);
    response.setHeader('X-RateLimit-Reset', unixSeconds(now()) + secondsOf(state));
    refuseIfOver(this.requests, state);
  }

  /** Runs an authentication; where it fails too often from one address, that address is told to wait. @throws Refusal 429 */
  async countingFailures<T>(request: Request, authenticate: () => T | Promise<T>): Promise<T> {
    try {
      return await authenticate();
    } catch (error) {
      if (this.failures && error instanceof Refusal && error.kind === 'unauthorized') {
        refuseIfOver(this.failures, await consume(this.failures, request.ip ?? ''));
      }
      throw error;
    }
  }
}

/** The limiter rejects with its state where the limit is passed; here both ways lead to it. */
function consume(limiter: RateLimiterMemory, key: string): Promise<RateLimiterRes> {
  return limiter.consume(key).catch((state: unknown) => {
    if (state instanceof RateLimiterRes) {
      return state;
    }
    throw state;
  });
}

function refuseIfOver(limiter: RateLimiterMemory, state: RateLimiterRes): void {
  if (state.consumedPoints > limiter.points) {
    throw new Refusal('rate_limited', 'rate_limited', 'Too many requests', { retryAfter: secondsOf(state) });
  }
}

function secondsOf(state: RateLimiterRes): number {
  return Math.max(1, Math.ceil(state.msBeforeNext / 1000));
}
