import { ApiSchema } from '@nestjs/swagger';
import { keyPattern } from './key-format.js';
import { Choice, Flag, Text, TextList } from '../platform/common/fields/fields.js';
import { Integer } from '../platform/common/fields/integer.js';
import { Created, Livemode, ObjectType, RequestSchema, Shown, ShownId } from '../platform/common/openapi/shown.js';
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
const RATE = 'Requests per second allowed to each key and session';
const TOTAL = 'Requests per second allowed to all keys and sessions together';
const STORAGE = 'How many bytes all files of the client may take';

const ORIGIN_POLICY = { name: 'origin_policy', optional: true } as const;
const ORIGIN =
  '`required`: a request with a secret key must carry an `Origin` (or `Host`) of the client. `if_present`: it may leave `Origin` out, but a wrong one is refused.';

@RequestSchema('A new client.')
export class CreateClientDto {
  @Text({ max: 255, example: 'Acme', description: 'The name of the client.' })
  readonly name!: string;

  @Text({ max: MAX_DOMAIN, example: 'acme.com', description: 'The host name the client’s pages are served from.' })
  readonly domain!: string;

  @TextList({
    ...SUBDOMAINS,
    description: 'The sub-domains that requests may come from too, without the domain; `*` means all of them.',
  })
  readonly allowedSubdomains?: readonly string[] | null;

  @TextList({
    ...IPS,
    description: 'The IP addresses and networks (CIDR) that requests may come from; all if empty or left out.',
  })
  readonly allowedIps?: readonly string[] | null;

  @Flag({
    optional: true,
    example: false,
    description: 'True for a live client; false, the default, for a test client.',
  })
  readonly livemode?: boolean | null;

  @Integer({ ...RATE_LIMIT, description: `${RATE}; the server’s default if null or left out.` })
  readonly rateLimit?: number | null;

  @Integer({ ...TOTAL_RATE_LIMIT, description: `${TOTAL}; the server’s default if null or left out.` })
  readonly totalRateLimit?: number | null;

  @Choice(ORIGIN_POLICIES, { ...ORIGIN_POLICY, description: `${ORIGIN} \`required\` if left out.` })
  readonly originPolicy?: OriginPolicy | null;

  @Integer({ ...STORAGE_LIMIT, description: `${STORAGE}; no limit if null or left out.` })
  readonly storageLimit?: number | null;
}

/** What is left out, or null, stays as it is; but the limits, where null is what everybody has. */
@RequestSchema('Changes to a client.')
export class UpdateClientDto {
  @Text({
    max: MAX_DOMAIN,
    optional: true,
    example: 'acme.com',
    description: 'The new domain; unchanged if left out or null.',
  })
  readonly domain?: string | null;

  @TextList({ ...SUBDOMAINS, description: 'Replaces the list of sub-domains; unchanged if left out or null.' })
  readonly allowedSubdomains?: readonly string[] | null;

  @TextList({ ...IPS, description: 'Replaces the list of addresses; unchanged if left out or null.' })
  readonly allowedIps?: readonly string[] | null;

  @Integer({ ...RATE_LIMIT, description: `${RATE}; null for the server’s default, unchanged if left out.` })
  readonly rateLimit?: number | null;

  @Integer({ ...TOTAL_RATE_LIMIT, description: `${TOTAL}; null for the server’s default, unchanged if left out.` })
  readonly totalRateLimit?: number | null;

  @Choice(ORIGIN_POLICIES, { ...ORIGIN_POLICY, description: `${ORIGIN} Unchanged if left out or null.` })
  readonly originPolicy?: OriginPolicy | null;

  @Integer({ ...STORAGE_LIMIT, description: `${STORAGE}; null for no limit, unchanged if left out.` })
  readonly storageLimit?: number | null;
}

export class ListClientsQuery extends ListQuery('client') {}

@ApiSchema({ description: 'A client: an account with its own customers, channels and messages.' })
export class ClientDto {
  @ObjectType('client')
  readonly object!: 'client';

  @ShownId('client', { description: 'The id of the client.' })
  readonly id!: string;

  @Shown({ maxLength: 255, example: 'Acme', description: 'The name of the client.' })
  readonly name!: string;

  @Shown({
    maxLength: MAX_DOMAIN,
    example: 'acme.com',
    description: 'The host name the client’s pages are served from.',
  })
  readonly domain!: string;

  @Shown({
    pattern: keyPattern('pk'),
    example: 'pk_test_4eC39HqLyjWDarjtT1zdp7dcTYooMQ2vKz8Nf0',
    description: 'The public key, to send as `X-Public-Key`.',
  })
  readonly public_key!: string;

  @Shown({
    type: 'array',
    items: { type: 'string', maxLength: MAX_NETWORK },
    maxItems: MAX_ITEMS,
    example: ['192.0.2.1', '10.0.0.0/8'],
    description: 'The IP addresses and networks (CIDR) that requests may come from; all if empty.',
  })
  readonly allowed_ips!: readonly string[];

  @Shown({
    type: 'array',
    items: { type: 'string', maxLength: MAX_LABEL },
    maxItems: MAX_ITEMS,
    example: ['api', 'app'],
    description: 'The sub-domains that requests may come from too, without the domain; `*` means all of them.',
  })
  readonly allowed_subdomains!: readonly string[];

  @Created()
  readonly created!: number;

  @Livemode()
  readonly livemode!: boolean;
}

@ApiSchema({ description: 'A client, as the operator sees it.' })
export class AdminClientDto extends ClientDto {
  @Shown({ enum: [...ORIGIN_POLICIES], type: String, example: 'required', description: ORIGIN })
  readonly origin_policy!: OriginPolicy;

  @Shown({ example: false, description: 'True if the client is disabled and its keys do not work.' })
  readonly disabled!: boolean;

  @Shown({
    type: 'integer',
    minimum: 1,
    maximum: RATE_LIMIT.max,
    nullable: true,
    example: null,
    description: `${RATE}; null for the server’s default.`,
  })
  readonly rate_limit!: number | null;

  @Shown({
    type: 'integer',
    minimum: 1,
    maximum: RATE_LIMIT.max,
    nullable: true,
    example: null,
    description: `${TOTAL}; null for the server’s default, but never less than one key is allowed.`,
  })
  readonly total_rate_limit!: number | null;

  @Shown({
    type: 'integer',
    format: 'int64',
    minimum: 0,
    maximum: STORAGE_LIMIT.max,
    nullable: true,
    example: null,
    description: `${STORAGE}; null for no limit.`,
  })
  readonly storage_limit!: number | null;

  @Shown({
    type: 'integer',
    format: 'int64',
    minimum: 0,
    example: 172_114,
    description: 'How many bytes the files of the client take; a file counts from its creation until it is deleted.',
  })
  readonly storage_used!: number;
}

@ApiSchema({ description: 'A new client, with its first secret key.' })
export class CreatedClientDto extends AdminClientDto {
  @Shown({
    pattern: keyPattern('sk'),
    example: 'sk_test_26PHem9AhJZvU623DfE1x4sdQ8rLw0Xb7GkTn5',
    description: 'The secret key, to send as `Authorization: Bearer`; shown only in this answer.',
  })
  readonly secret_key!: string;
}
