import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import { now, unixSeconds } from '../clock.js';
import { Refusal } from '../errors/refusal.js';
import { neighbourhoodOf } from '../http/address.js';
import type { AuthContext } from '../tenancy/credentials.js';
import type { Tenant } from '../tenancy/tenant.js';
import type { CurrentUser } from '../tenancy/user-credentials.js';
import type { AsStranger } from './as-stranger.js';
import type { WorkspaceCaller } from '../tenancy/workspace-credentials.js';
import {
  ADDRESS_LIMITS,
  NAMED_LIMITS,
  type AddressLimit,
  type AddressLimits,
  type NamedLimit,
  type NamedLimits,
  type RateName,
} from './named-limits.js';
import { NoRatesOfClients, type RatesOfClients } from './rates-of-clients.js';
import { Buckets, capacityOf, costOf, perMinute, type BucketSize, type Wanted } from './buckets.js';

/** A caller that was silent for so many seconds may ask all they would have admitted at once. */
const BURST_SECONDS = 2;
/** Of one address: 300 at once, and 300 a minute. */
const FAILURES: BucketSize = { perSecond: 5, seconds: 60 };
const NONCES: BucketSize = { perSecond: 5, seconds: 60 };
/** Of one address, which may be a whole office that comes back: 1,200 at once, and 20 a second. */
const SOCKETS: BucketSize = { perSecond: 20, seconds: 60 };
/** Of one address that has yet to say who it is: 300 at once, and 300 a minute. */
const STRANGERS: BucketSize = { perSecond: 5, seconds: 60 };

/** To one account: 600 at once, and 600 a minute. */
const MAILS = perMinute(600);
/** To the address of one workflow. */
const HOOKS = perMinute(60);

/** How many requests may still be made at once; null: as many as one likes. */
export interface RateLeft {
  readonly name: RateName;
  readonly limit: number | null;
  /** In how many seconds an empty bucket is full again. */
  readonly seconds: number | null;
  readonly remaining: number | null;
}

interface Told {
  /** Whether a refusal, whatever it is, is one of those who guess. */
  readonly isFailure?: (refusal: Refusal) => boolean;
  /** Where the address is told how often it may still fail. */
  readonly response?: Response | undefined;
}

/** How often a secret key or a session may ask, and an address may fail to say who it is. */
@Injectable()
export class RateLimits {
  /**
   * @param perSecond of each key and session, unless its client has a rate of its own; false is no limit at all
   * @param perSecondOfClient of all of them together, and no less than one of them has; false is no such limit
   */
  constructor(
    private readonly perSecond: number | false,
    private readonly perSecondOfClient: number | false,
    private readonly buckets: Buckets,
    private readonly named: NamedLimits = {},
    private readonly ofAddresses: AddressLimits = {},
    private readonly ofClients: RatesOfClients = new NoRatesOfClients(),
  ) {}

  /** Takes one request of whoever was admitted, and tells the caller what is left. @throws Refusal 429 */
  take(auth: AuthContext, response: Response): Promise<void> {
    return this.takeEach(this.bucketsOf(auth), response);
  }

  /** Takes one of a user's, whatever workspace it is about. @throws Refusal 429 */
  takeOfUser({ bucket }: CurrentUser, response: Response): Promise<void> {
    return this.takeEach(bucket === null ? [] : [bucket], response);
  }

  /** Takes one of a caller's, and one of what such routes have besides: that first, as it has fewer. @throws Refusal 429 */
  async takeOfCaller(caller: WorkspaceCaller, response: Response, limit?: NamedLimit): Promise<void> {
    const narrow = limit === undefined ? null : await this.narrowOf(caller, limit);
    return this.takeEach([...(narrow ? [narrow] : []), ...this.wideOf(caller)], response);
  }

  /** What a caller has left of what its requests are taken of, and of what some routes are limited by; nothing is taken. */
  async leftOf(caller: WorkspaceCaller): Promise<readonly RateLeft[]> {
    const [wide = null] = this.perSecond === false ? [] : this.wideOf(caller);
    return Promise.all([
      this.peek('api', wide),
      ...NAMED_LIMITS.map(async (name) =>
        this.peek(name, this.perSecond === false ? null : await this.narrowOf(caller, name)),
      ),
    ]);
  }

  private async peek(name: RateLeft['name'], wanted: Wanted | null): Promise<RateLeft> {
    if (wanted === null) {
      return { name, limit: null, seconds: null, remaining: null };
    }
    const { key, size } = wanted;
    const debt = await this.buckets.take(key, size);
    const { remaining } = stateOf(debt, size);
    const isTaken = debt <= capacityOf(size);
    if (isTaken) {
      await this.buckets.giveBack(key, size);
    }
    const { perSecond, seconds: over } = size;
    return { name, limit: Math.round(perSecond * over), seconds: over, remaining: remaining + Number(isTaken) };
  }

  private narrowOf({ auth, user }: WorkspaceCaller, limit: NamedLimit): Promise<Wanted | null> {
    const who = `${user?.userId ?? auth?.by.id}`;
    return this.ofClients.bucketOf(auth?.tenant.clientId ?? null, limit, who, this.named[limit] ?? false);
  }

  private wideOf({ auth, bucket }: WorkspaceCaller): readonly Wanted[] {
    return auth ? this.bucketsOf(auth) : bucket === null ? [] : [bucket];
  }

  /** Takes one of what an address may ask before it says who it is. @throws Refusal 429 */
  takeAsStranger({ ip }: Request, response: Response): Promise<void> {
    return this.takeEach([strangersAt(neighbourhoodOf(ip))], response);
  }

  /** The same on a page of a client's, and one of what such routes have besides: that first. @throws Refusal 429 */
  async takeOnPage({ clientId }: Tenant, { ip }: Request, response: Response, limit?: NamedLimit): Promise<void> {
    const address = neighbourhoodOf(ip);
    const narrow = limit && (await this.ofClients.bucketOf(clientId, limit, address, this.named[limit] ?? false));
    await this.takeEach([...(narrow ? [narrow] : []), strangersAt(address)], response);
  }

  private async takeEach(wanted: readonly Wanted[], response: Response | undefined): Promise<void> {
    if (this.perSecond === false || wanted.length === 0) {
      return;
    }
    const debts = await this.buckets.takeEach(wanted);
    const states = debts.map((debt, at) => stateOf(debt, wanted[at]!.size));
    // Whichever has fewer left; the one that has none was asked last.
    const { size, debt, left, remaining } = states.reduce((one, two) => (two.remaining <= one.remaining ? two : one));
    response?.setHeader('X-RateLimit-Limit', Math.round(size.perSecond * size.seconds));
    response?.setHeader('X-RateLimit-Remaining', remaining);
    response?.setHeader('X-RateLimit-Reset', unixSeconds(now()) + seconds(capacityOf(size) - left));
    refuseIfOver(debt, size);
  }

  /** What a request takes of: first its key's or session's own, so that what this refuses costs the others nothing. */
  private bucketsOf({ by, tenant, rateLimit, totalRateLimit, bucket: instead }: AuthContext): Wanted[] {
    if (instead !== undefined) {
      return instead === null ? [] : [instead];
    }
    if (this.perSecond === false) {
      return [];
    }
    const own = rateLimit ?? this.perSecond;
    const total = totalRateLimit ?? (this.perSecondOfClient === false ? null : Math.max(own, this.perSecondOfClient));
    const bucket = (key: string, perSecond: number): Wanted => ({ key, size: { perSecond, seconds: BURST_SECONDS } });
    return [bucket(by.id, own), ...(total === null ? [] : [bucket(`client:${tenant.clientId}`, total)])];
  }

  /**
   * Runs an authentication; where it fails too often from one address, that address is told to wait, and nothing is
   * looked up for its strangers. Who was let in before still is, and what fails because of us is no failure.
   * @throws Refusal 429
   */
  async countingFailures<T>(
    request: Pick<Request, 'ip'>,
    authenticate: (asStranger: AsStranger) => T | Promise<T>,
    { isFailure = ({ kind }) => kind === 'unauthorized', response }: Told = {},
  ): Promise<T> {
    let spelled: string | undefined;
    // Read where it is needed: of those who are known and are let in, nothing is counted. And once: who has gone has none.
    const address = (): string => (spelled ??= `failures:${neighbourhoodOf(request.ip)}`);
    let isTaken = false;
    const asStranger = async (): Promise<void> => {
      if (!isTaken) {
        await this.takeEach([{ key: address(), size: FAILURES }], response);
        isTaken = true;
      }
    };
    const giveBack = async (): Promise<void> => {
      if (isTaken && this.perSecond !== false) {
        await this.buckets.giveBack(address(), FAILURES);
      }
    };
    try {
      const result = await authenticate(asStranger);
      await giveBack();
      return result;
    } catch (error) {
      if (error instanceof Refusal && isFailure(error)) {
        await asStranger();
      } else if (!(error instanceof Refusal && error.kind === 'rate_limited')) {
        if (response) {
          await asStranger();
        }
        await giveBack();
      }
      throw error;
    }
  }

  /** Takes one nonce of what an address is given. @throws Refusal 429 */
  takeNonce({ ip }: Request): Promise<void> {
    return this.takeOf(`nonces:${neighbourhoodOf(ip)}`, NONCES);
  }

  /** Takes one socket of what an address may ask for. @throws Refusal 429 */
  takeSocket({ ip }: Request): Promise<void> {
    return this.takeOf(`sockets:${neighbourhoodOf(ip)}`, SOCKETS);
  }

  /** Takes one of what an address may ask of such routes. @throws Refusal 429 */
  async takeOfAddress(limit: AddressLimit, { ip }: Request): Promise<void> {
    const [count, seconds] = [this.ofAddresses[limit] ?? false, ADDRESS_LIMITS[limit]];
    if (count !== false) {
      await this.takeOf(`${limit}:${neighbourhoodOf(ip)}`, { perSecond: count / seconds, seconds });
    }
  }

  /** Takes one mail of what may be brought to an account. @throws Refusal 429 */
  takeMail(accountId: string, response: Response): Promise<void> {
    return this.takeEach([{ key: `mails:${accountId}`, size: MAILS }], response);
  }

  /** Takes one request of what may be sent to the address of a workflow. @throws Refusal 429 */
  takeHook(workflowId: string, response: Response): Promise<void> {
    return this.takeEach([{ key: `hooks:${workflowId}`, size: HOOKS }], response);
  }

  private async takeOf(key: string, size: BucketSize): Promise<void> {
    await this.takeEach([{ key, size }], undefined);
  }
}

function strangersAt(address: string): Wanted {
  return { key: `strangers:${address}`, size: STRANGERS };
}

/** What a bucket has left after one was asked of it: microseconds of what comes in, and whole tokens. */
function stateOf(debt: number, size: BucketSize) {
  const left = Math.max(0, capacityOf(size) - debt);
  return { size, debt, left, remaining: Math.floor(left / costOf(size)) };
}

/** @param debt what taking one of a bucket answered. @throws Refusal 429 where it had none */
export function refuseIfOver(debt: number, size: BucketSize, reason = 'Too many requests'): void {
  const wait = debt - capacityOf(size);
  if (wait > 0) {
    throw new Refusal('rate_limited', reason, { retryAfter: seconds(wait) });
  }
}

function seconds(microseconds: number): number {
  return Math.ceil(microseconds / 1_000_000);
}
