import { ApiSchema } from '@nestjs/swagger';
import { isCountry, timeZones } from './places.js';
import { keyPattern } from '../../../clients/key-format.js';
import { Flag, Text, TextList } from '../../../platform/common/fields/fields.js';
import { field } from '../../../platform/common/fields/field.js';
import { Nested } from '../../../platform/common/fields/nested.js';
import { RequestSchema, Shown, ShownId } from '../../../platform/common/openapi/shown.js';
import { ROLES, type Role } from '../../../platform/common/tenancy/roles.js';
import { CreatedAt } from '../../../platform/common/openapi/shown-moment.js';
import { OptOutRulesDto, SetOptOutRulesDto } from './opt-out.dto.js';

const MAX_ITEMS = 100;
/** RFC 1035 */
const MAX_DOMAIN = 253;
const MAX_LABEL = 63;
/** The longest IPv6 address with its prefix length. */
const MAX_NETWORK = 49;
const MAX_ZONE = 64;
const SUBDOMAINS = { optional: true, maxItems: MAX_ITEMS, max: MAX_LABEL, example: ['api', 'app'] } as const;
const IPS = { optional: true, maxItems: MAX_ITEMS, max: MAX_NETWORK, example: ['192.0.2.1', '10.0.0.0/8'] } as const;
const COUNTRY = 'The country (ISO 3166, two letters) of phone numbers that are written without a country code';

function Country(description: string): PropertyDecorator {
  return field({
    optional: true,
    read: (value) => (typeof value === 'string' ? value.toUpperCase() : value),
    check: (value) => (isCountry(value) ? null : { says: 'must be the two letters of a country such as US.' }),
    schema: { type: String, pattern: '^[A-Za-z]{2}$', example: 'US', description },
  });
}

function TimeZone(description: string): PropertyDecorator {
  return field({
    optional: true,
    check: (value) =>
      timeZones().has(value as string) ? null : { says: 'must be a time zone such as Europe/Berlin.' },
    schema: { type: String, maxLength: MAX_ZONE, example: 'Europe/Berlin', description },
  });
}

@RequestSchema('A new workspace.')
export class CreateWorkspaceDto {
  @Text({ max: 255, example: 'Acme', description: 'The name of the workspace.' })
  readonly name!: string;

  @Flag({
    optional: true,
    example: true,
    description: 'False for a test workspace, which reaches no phone but a simulated one; true if left out.',
  })
  readonly livemode?: boolean | null;

  @Country(`${COUNTRY}; \`US\` if left out.`)
  readonly defaultCountry?: string;

  @TimeZone('The time zone of the workspace; `UTC` if left out.')
  readonly timezone?: string;
}

@RequestSchema('Changes to a workspace. What is left out stays as it is.')
export class UpdateWorkspaceDto {
  @Text({ max: 255, optional: true, example: 'Acme', description: 'The new name.' })
  readonly name?: string | null;

  @Country(`${COUNTRY}.`)
  readonly defaultCountry?: string;

  @TimeZone('The time zone of the workspace.')
  readonly timezone?: string;

  @Flag({
    optional: true,
    example: true,
    description: 'Whether typographic characters are replaced in what is sent, so that messages need fewer segments.',
  })
  readonly smartEncoding?: boolean | null;

  @Flag({
    optional: true,
    example: true,
    description: 'Whether contacts are asked how it went when their conversations are closed.',
  })
  readonly asksForRatings?: boolean | null;

  @Text({
    max: MAX_DOMAIN,
    optional: true,
    example: 'acme.com',
    description: 'The host name your pages are served from.',
  })
  readonly domain?: string | null;

  @TextList({ ...SUBDOMAINS, description: 'Replaces the list of sub-domains; `*` means all of them.' })
  readonly allowedSubdomains?: readonly string[] | null;

  @TextList({ ...IPS, description: 'Replaces the list of IP addresses and networks that keys may be used from.' })
  readonly allowedIps?: readonly string[] | null;

  @Nested(SetOptOutRulesDto, {
    optional: true,
    description: 'How people opt out; what is left out is as it is for all.',
  })
  readonly optOut?: SetOptOutRulesDto | null;
}

@RequestSchema('Which workspace is meant to be deleted.')
export class DeleteWorkspaceQuery {
  @Text({ max: 255, description: 'The name of the workspace, so that none is deleted by mistake.' })
  readonly confirm!: string;
}

export const ShownRole = (description: string): PropertyDecorator =>
  Shown({ type: String, enum: [...ROLES], example: 'owner', description });

@ApiSchema({ description: 'A workspace: a client of the core API, as its users see it.' })
export class WorkspaceDto {
  @ShownId('client', { description: 'The id of the workspace, and of the client.' })
  readonly id!: string;

  @Shown({ maxLength: 255, example: 'Acme', description: 'The name of the workspace.' })
  readonly name!: string;

  @Shown({ type: Boolean, example: true, description: 'False for a test workspace, which reaches no phone.' })
  readonly livemode!: boolean;

  @Shown({
    pattern: keyPattern('pk'),
    example: 'pk_live_4eC39HqLyjWDarjtT1zdp7dcTYooMQ2vKz8Nf0',
    description: 'The public key, which the core API asks for beside a secret key.',
  })
  readonly publicKey!: string;

  @ShownRole('What you are in the workspace.')
  readonly role!: Role;

  @Shown({ pattern: '^[A-Z]{2}$', example: 'US', description: `${COUNTRY}.` })
  readonly defaultCountry!: string;

  @Shown({ maxLength: MAX_ZONE, example: 'Europe/Berlin', description: 'The time zone of the workspace.' })
  readonly timezone!: string;

  @Shown({ type: Boolean, example: true, description: 'Whether typographic characters are replaced in what is sent.' })
  readonly smartEncoding!: boolean;

  @Shown({
    type: Boolean,
    example: false,
    description: 'Whether contacts are asked how it went when their conversations are closed.',
  })
  readonly asksForRatings!: boolean;

  @Shown({ maxLength: MAX_DOMAIN, example: 'acme.com', description: 'The host name your pages are served from.' })
  readonly domain!: string;

  @Shown({
    type: 'array',
    items: { type: 'string', maxLength: MAX_LABEL },
    maxItems: MAX_ITEMS,
    example: ['api', 'app'],
    description: 'The sub-domains that requests may come from too.',
  })
  readonly allowedSubdomains!: readonly string[];

  @Shown({
    type: 'array',
    items: { type: 'string', maxLength: MAX_NETWORK },
    maxItems: MAX_ITEMS,
    example: ['192.0.2.1', '10.0.0.0/8'],
    description: 'The IP addresses and networks that keys may be used from; all if empty.',
  })
  readonly allowedIps!: readonly string[];

  @Shown({ type: OptOutRulesDto, description: 'How people opt out of its messages.' })
  readonly optOut!: OptOutRulesDto;

  @CreatedAt()
  readonly createdAt!: string;
}
