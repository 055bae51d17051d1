import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { uuidv7 } from 'uuidv7';
import { now } from '../platform/common/clock.js';
import { InvalidInput, notFound } from '../platform/common/errors/refusal.js';
import type { Page, PageQuery } from '../platform/common/pagination/page.js';
import type { AsStranger } from '../platform/common/rate-limit/as-stranger.js';
import type { ClientRates } from '../platform/common/rate-limit/rates-of-clients.js';
import { normaliseNetwork } from '../platform/common/tenancy/ip-rules.js';
import { normaliseDomain, type OriginPolicy } from '../platform/common/tenancy/origin.js';
import type { Tenant } from '../platform/common/tenancy/tenant.js';
import { CallerCache } from './caller-cache.js';
import type { Client } from './client.entity.js';
import { ClientsRepository } from './clients.repository.js';
import { KeyCache, type KnownKeys } from './key-cache.js';
import { hashKey, makeKey } from './key-format.js';
import { RememberedRates } from './remembered-rates.js';

/** Where a client's pages and programs may call from. */
export interface ClientSite {
  readonly domain: string;
  readonly allowedSubdomains?: readonly string[] | null;
  readonly allowedIps?: readonly string[] | null;
}

export interface NewClient extends ClientSite {
  readonly name: string;
  readonly livemode?: boolean | null;
  /** Requests per second of each key and session; null is what everybody has. */
  readonly rateLimit?: number | null;
  /** Of all of them together. */
  readonly totalRateLimit?: number | null;
  readonly originPolicy?: OriginPolicy | null;
  /** Bytes that its files may have together; null is no limit. */
  readonly storageLimit?: number | null;
}

/** A property that is absent or null stays as it is. */
type SiteChange = { readonly [Part in keyof ClientSite]?: ClientSite[Part] | null };
/** For the limits null means the default. */
type ClientChange = SiteChange & { readonly name?: string | null } & Pick<
    NewClient,
    'rateLimit' | 'totalRateLimit' | 'storageLimit' | 'originPolicy'
  >;
type KnownSite = Pick<Client, 'domain' | 'allowedSubdomains' | 'allowedIps'>;

/** A client as its public key finds it: enough to open a socket, which can do nothing until something is signed. */
export type KnownClient = Pick<
  KnownKeys,
  'clientId' | 'livemode' | 'domain' | 'allowedSubdomains' | 'publicKey' | 'realtimeSecret'
>;

/** A new client, with its first secret key. */
export interface CreatedClient {
  readonly client: Client;
  readonly secretKey: string;
}

const LABEL = /^[a-z\d]([a-z\d-]{0,61}[a-z\d])?$/;

@Injectable()
export class ClientsService {
  constructor(
    private readonly clients: ClientsRepository,
    private readonly callers: CallerCache,
    private readonly keys: KeyCache,
    private readonly rates: RememberedRates,
  ) {}

  /** The tenant itself; any other client is not found. */
  async get(tenant: Tenant, id: string): Promise<Client> {
    if (id !== tenant.clientId) {
      throw notFound('client');
    }
    return this.getAny(id);
  }

  /** The client of this public key; null where there is none or it is disabled. Cached for a few seconds. */
  findByPublicKey(publicKey: string, asStranger: AsStranger): Promise<KnownClient | null> {
    return this.keys.find(publicKey, '', asStranger);
  }

  /** For the operator. @throws Refusal 404 */
  async getAny(id: string): Promise<Client> {
    const client = await this.clients.find(id);
    if (!client) {
      throw notFound('client');
    }
    return client;
  }

  /** For requests that name a client before they are authenticated. Null where there is none or it is disabled. */
  async findEnabled(id: string): Promise<Client | null> {
    const client = await this.clients.find(id);
    return client?.disabledAt === null ? client : null;
  }

  /** Newest first, for the operator. @throws Refusal 422 on its cursor */
  list(query: PageQuery): Promise<Page<Client>> {
    return this.clients.list(query);
  }

  /** @throws InvalidInput on `domain`, `allowed_subdomains.n` or `allowed_ips.n` */
  async create(input: NewClient): Promise<CreatedClient> {
    const secretKey = makeKey('sk', input.livemode ?? false);
    const [secretSha256, last4] = [hashKey(secretKey), secretKey.slice(-4)];
    const key = { id: uuidv7(), name: 'default', secretSha256, last4, scopes: ['*'] };
    return { client: await this.insert(uuidv7(), input, key), secretKey };
  }

  /** For a client whose users make its keys. @throws InvalidInput as `create` */
  createWithoutKey(id: string, input: NewClient): Promise<Client> {
    return this.insert(id, input, null);
  }

  private insert(
    id: string,
    { name, livemode: live, originPolicy, ...rest }: NewClient,
    key: Parameters<ClientsRepository['insert']>[1],
  ): Promise<Client> {
    const livemode = live ?? false;
    const { rateLimit = null, totalRateLimit = null, storageLimit = null, ...site } = rest;
    return this.clients.insert(
      {
        id,
        name,
        ...readSite({ domain: site.domain, allowedSubdomains: [], allowedIps: [] }, site),
        publicKey: makeKey('pk', livemode),
        livemode,
        rateLimit,
        totalRateLimit,
        originPolicy: originPolicy ?? 'required',
        storageLimit,
        realtimeSecret: randomBytes(32),
      },
      key,
    );
  }

  /** @throws Refusal 404, or InvalidInput as `create` */
  async update(
    id: string,
    { name, rateLimit, totalRateLimit, storageLimit, originPolicy, ...site }: ClientChange,
  ): Promise<Client> {
    const client = await this.getAny(id);
    await this.clients.update(id, {
      ...readSite(client, site),
      ...(name != null && { name }),
      ...(rateLimit !== undefined && { rateLimit }),
      ...(totalRateLimit !== undefined && { totalRateLimit }),
      ...(storageLimit !== undefined && { storageLimit }),
      ...(originPolicy && { originPolicy }),
    });
    this.callers.forgetClient(id);
    return this.getAny(id);
  }

  /** Replaces all that it has of its own: what is absent is as the installation has it. @throws Refusal 404 */
  async setRates(id: string, rates: ClientRates): Promise<ClientRates> {
    await this.getAny(id);
    await this.clients.update(id, { rates });
    this.rates.forget();
    return rates;
  }

  /** The client's public key stops working; its data stays. @throws Refusal 404 */
  async disable(id: string): Promise<Client> {
    const client = await this.getAny(id);
    if (client.disabledAt === null) {
      await this.clients.update(id, { disabledAt: now() });
      this.callers.forgetClient(id);
    }
    return this.getAny(id);
  }

  async isEmpty(): Promise<boolean> {
    return (await this.clients.list({ limit: 1 })).totalCount === 0;
  }
}

/** The changed site. */
function readSite(site: KnownSite, change: SiteChange): KnownSite {
  const domain = normaliseDomain(change.domain ?? site.domain);
  if (domain === null) {
    throw new InvalidInput({ domain: ['The domain field must be a host name such as example.com.'] });
  }
  return {
    domain,
    allowedSubdomains: readEach(
      'allowed_subdomains',
      change.allowedSubdomains ?? site.allowedSubdomains,
      'must be a label such as api, or *.',
      (label) => (label === '*' || LABEL.test(label.toLowerCase()) ? label.toLowerCase() : null),
    ),
    allowedIps: readEach(
      'allowed_ips',
      change.allowedIps ?? site.allowedIps,
      'must be an address or a network such as 10.0.0.0/8.',
      normaliseNetwork,
    ),
  };
}

function readEach(
  name: string,
  values: readonly string[],
  says: string,
  read: (value: string) => string | null,
): string[] {
  return values.map((value, at) => {
    const result = read(value);
    if (result === null) {
      throw new InvalidInput({ [`${name}.${at}`]: [`The ${name}.${at} field ${says}`] });
    }
    return result;
  });
}
