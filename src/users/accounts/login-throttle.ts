import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../config.js';
import { ReasonedRefusal } from '../../platform/common/errors/reasons.js';
import { Refusal } from '../../platform/common/errors/refusal.js';
import { neighbourhoodOf } from '../../platform/common/http/address.js';
import { Buckets, capacityOf, type BucketSize, type Wanted } from '../../platform/common/rate-limit/buckets.js';
import { UserSessionsRepository } from '../sessions/user-sessions.repository.js';

const failures = (count: number, minutes: number): BucketSize => ({
  perSecond: count / (minutes * 60),
  seconds: minutes * 60,
});
const OF_ADDRESS = failures(20, 5);
const OF_EMAIL_AND_ADDRESS = failures(5, 5);
const OF_EMAIL = failures(50, 60);

/**
 * How often a password may be wrong. Each attempt is taken before anything is hashed and given back where it was right, so
 * that of a thousand at once no more are tried than may fail.
 */
@Injectable()
export class LoginThrottle {
  constructor(
    @Inject(Config) private readonly settings: Pick<Config, 'rateLimit'>,
    private readonly buckets: Buckets,
    private readonly sessions: UserSessionsRepository,
  ) {}

  /** @throws Refusal 429, or whatever `attempt` does: of that, 401 and a wrong code are failures */
  async countingFailures<T>(email: string, address: string | undefined, attempt: () => Promise<T>): Promise<T> {
    if (this.settings.rateLimit === false) {
      return attempt();
    }
    const place = neighbourhoodOf(address);
    const taken = await this.take(email, place);
    try {
      const result = await attempt();
      await this.giveBack(taken);
      return result;
    } catch (error) {
      if (!isFailure(error)) {
        await this.giveBack(taken);
      }
      throw error;
    }
  }

  /** @returns what was taken */
  private async take(email: string, place: string): Promise<Wanted[]> {
    const own: Wanted[] = [
      { key: `logins:${place}`, size: OF_ADDRESS },
      { key: `logins:${place}:${email}`, size: OF_EMAIL_AND_ADDRESS },
    ];
    const everybodys: Wanted = { key: `logins:${email}`, size: OF_EMAIL };
    const wanted = [...own, everybodys];
    const debts = await this.buckets.takeEach(wanted);
    const last = debts.length - 1;
    const wait = debts[last]! - capacityOf(wanted[last]!.size);
    if (wait <= 0) {
      return wanted;
    }
    // Others have used up what this e-mail may fail. Its user gets in all the same, from where it was let in before.
    if (last === 2 && (await this.isKnown(email, place))) {
      return own;
    }
    await this.giveBack(wanted.slice(0, last));
    throw new Refusal('rate_limited', 'Too many attempts', { retryAfter: Math.ceil(wait / 1_000_000) });
  }

  private async isKnown(email: string, place: string): Promise<boolean> {
    const addresses = await this.sessions.addressesOf(email);
    return addresses.some((address) => neighbourhoodOf(address) === place);
  }

  private async giveBack(taken: readonly Wanted[]): Promise<void> {
    for (const { key, size } of taken) {
      await this.buckets.giveBack(key, size);
    }
  }
}

function isFailure(error: unknown): boolean {
  return (
    (error instanceof Refusal && error.kind === 'unauthorized') ||
    (error instanceof ReasonedRefusal && error.reason === 'verification_failed')
  );
}
