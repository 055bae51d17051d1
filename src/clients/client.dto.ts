import { Choice, exampleId, Flag, Text, TextList } from '../platform/common/fields/fields.js';
import { Integer } from '../platform/common/fields/integer.js';
import { Shown } from '../platform/common/openapi/operation.js';
import { ListQuery } from '../platform/common/pagination/list-query.js';
import { ORIGIN_POLICIES, type OriginPolicy } from '../platform/common/tenancy/origin.js';

const MAX_ITEMS = 100;
/** RFC 1035 */
const MAX_DOMAIN = 253;
const MAX_LABEL = 63;
/** The longest IPv6 address with its prefix length. */
const MAX_NETWORK = 49;

const SUBDOMAINS = {
  name: 'allowed_subdomains',
  optional: true,
  maxItems: MAX_ITEMS,
  max: MAX_LABEL,
  example: ['api', 'app'],
} as const;
const IPS = {
  name: 'allowed_ips',
  optional: true,
  maxItems: MAX_ITEMS,
  max: MAX_NETWORK,
  example: ['192.0.2.1', '10.0.0.0/8'],
} as const;

/** Bytes; a petabyte is what nobody has, and a double still counts exactly. */
const STORAGE_LIMIT = { name: 'storage_limit', optional: true, min: 0, max: 2 ** 50, example: 10_737_418_240 } as const;
const RATE_LIMIT = { name: 'rate_limit', optional: true, min: 1, max: 1_000_000, example: 500 } as const;
const TOTAL_RATE_LIMIT = { ...RATE_LIMIT, name: 'total_rate_limit', example: 5_000 } as const;
const TOTAL = 'Requests per second of all keys and sessions together';

const ORIGIN_POLICY = { name: 'origin_policy', optional: true } as const;
const ORIGIN =
  '`required`: secret keys work with an `Origin` (or a `Host`) of the client only. `if_present`: without an `Origin` too, for servers that have none; a wrong one is refused.';

export class CreateClientDto {
  @Text({ max: 255, example: 'Acme' })
  readonly name!: string;

  @Text({ max: MAX_DOMAIN, example: 'acme.com', description: 'The host name that its pages are served from.' })
  readonly domain!: string;

  @TextList({ ...SUBDOMAINS, description: 'Labels below the domain that may call too; `*` is every sub-domain.' })
  readonly allowedSubdomains?: readonly string[] | null;

  @TextList({ ...IPS, description: 'Addresses and networks that may call; none is every address.' })
  readonly allowedIps?: readonly string[] | null;

  @Flag({ optional: true, example: false, description: 'Whether it is a live client; a test one otherwise.' })
  readonly livemode?: boolean | null;

  @Integer({ ...RATE_LIMIT, description: 'Requests per second of each key and session; null is what everybody has.' })
  readonly rateLimit?: number | null;

  @Integer({ ...TOTAL_RATE_LIMIT, description: `${TOTAL}; null is what everybody has.` })
  readonly totalRateLimit?: number | null;

  @Choice(ORIGIN_POLICIES, { ...ORIGIN_POLICY, description: ORIGIN })
  readonly originPolicy?: OriginPolicy | null;

  @Integer({ ...STORAGE_LIMIT, description: 'Bytes that its files may have together; null is no limit.' })
  readonly storageLimit?: number | null;
}

/** What is left out, or null, stays as it is; but the limits, where null is what everybody has. */
export class UpdateClientDto {
  @Text({ max: MAX_DOMAIN, optional: true, example: 'acme.com', description: 'Stays as it is where left out.' })
  readonly domain?: string | null;

  @TextList({ ...SUBDOMAINS, description: 'Replaces the whole list; stays as it is where left out.' })
  readonly allowedSubdomains?: readonly string[] | null;

  @TextList({ ...IPS, description: 'Replaces the whole list; stays as it is where left out.' })
  readonly allowedIps?: readonly string[] | null;

  @Integer({ ...RATE_LIMIT, description: 'Stays as it is where left out; null is what everybody has.' })
  readonly rateLimit?: number | null;

  @Integer({ ...TOTAL_RATE_LIMIT, description: 'Stays as it is where left out; null is what everybody has.' })
  readonly totalRateLimit?: number | null;

  @Choice(ORIGIN_POLICIES, { ...ORIGIN_POLICY, description: 'Stays as it is where left out.' })
  readonly originPolicy?: OriginPolicy | null;

  @Integer({ ...STORAGE_LIMIT, description: 'Stays as it is where left out; null is no limit.' })
  readonly storageLimit?: number | null;
}

export class ListClientsQuery extends ListQuery('client') {}

export class ClientDto {
  @Shown({ enum: ['client'], type: String })
  readonly object!: 'client';

  @Shown({ example: exampleId('client') })
  readonly id!: string;

  @Shown({ example: 'Acme' })
  readonly name!: string;

  @Shown({ example: 'acme.com' })
  readonly domain!: string;

  @Shown({ example: 'pk_test_4eC39HqLyjWDarjtT1zdp7dcTYooMQ2vKz8Nf0' })
  readonly public_key!: string;

  @Shown({ type: [String], example: ['192.0.2.1', '10.0.0.0/8'] })
  readonly allowed_ips!: readonly string[];

  @Shown({ type: [String], example: ['api', 'app'] })
  readonly allowed_subdomains!: readonly string[];

  @Shown({ type: 'integer', format: 'int64', example: 1_735_689_600 })
  readonly created!: number;

  @Shown({ example: false })
  readonly livemode!: boolean;
}

/** A client as the operator sees it. */
export class AdminClientDto extends ClientDto {
  @Shown({ enum: [...ORIGIN_POLICIES], type: String, description: ORIGIN })
  readonly origin_policy!: OriginPolicy;

  @Shown({ example: false, description: 'Whether its keys no longer work.' })
  readonly disabled!: boolean;

  @Shown({
    type: 'integer',
    nullable: true,
    example: null,
    description: 'Requests per second of each key and session; null is what everybody has.',
  })
  readonly rate_limit!: number | null;

  @Shown({
    type: 'integer',
    nullable: true,
    example: null,
    description: `${TOTAL}; null is what everybody has, which is no less than one key may make.`,
  })
  readonly total_rate_limit!: number | null;

  @Shown({
    type: 'integer',
    format: 'int64',
    nullable: true,
    example: null,
    description: 'Bytes that its files may have together; null is no limit.',
  })
  readonly storage_limit!: number | null;

  @Shown({
    type: 'integer',
    format: 'int64',
    example: 172_114,
    description: 'Bytes that its files have together, from the moment they are created until they are deleted.',
  })
  readonly storage_used!: number;
}

export class CreatedClientDto extends AdminClientDto {
  @Shown({ example: 'sk_test_26PHem9AhJZvU623DfE1x4sdQ8rLw0Xb7GkTn5', description: 'Shown this once.' })
  readonly secret_key!: string;
}
