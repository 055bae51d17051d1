import { ApiSchema } from '@nestjs/swagger';
import { PROVIDER_KINDS, type ProviderKind } from '../../../delivery/providers/messaging-provider.entity.js';
import { DLR_ID_FORMATS, LONG_TEXTS } from '../../../delivery/providers/smpp/smpp-settings.js';
import { field } from '../../../platform/common/fields/field.js';
import { Choice, Flag, Text } from '../../../platform/common/fields/fields.js';
import { Integer } from '../../../platform/common/fields/integer.js';
import { RequestSchema, Shown } from '../../../platform/common/openapi/shown.js';
import { CreatedAt } from '../../../platform/common/openapi/shown-moment.js';
import { Recipient } from '../messages/text-message.dto.js';

const MAX_URL = 2_000;
const MAX_SECRET = 255;

/** A SID of Twilio's: what it names, and 32 hexadecimal digits. */
export function Sid(prefix: string, description: string): PropertyDecorator {
  const pattern = new RegExp(`^${prefix}[0-9a-fA-F]{32}$`);
  return field({
    optional: true,
    check: (value) =>
      typeof value === 'string' && pattern.test(value)
        ? null
        : { says: `must be ${prefix} and 32 hexadecimal digits.` },
    schema: { type: String, pattern: pattern.source, description },
  });
}

@RequestSchema('Who is to carry the messages of the workspace. Each kind takes only its own fields.')
export class SetProviderDto {
  @Text({
    max: 32,
    example: 'simulator',
    description:
      'The kind of provider: `simulator`, for test workspaces; `twilio` or `telnyx`, for live ones; `http`, a gateway of your own that is sent webhooks; or `smpp`, a server that speaks SMPP 3.4.',
  })
  readonly kind!: string;

  @Sid('AC', '`twilio`, required: the account.')
  readonly accountSid?: string | null;

  @Text({ max: MAX_SECRET, optional: true, description: '`twilio`, required: the auth token, which signs callbacks.' })
  readonly authToken?: string | null;

  @Sid('SK', '`twilio`: an API key to send with instead of the auth token, together with `apiKeySecret`.')
  readonly apiKeySid?: string | null;

  @Text({ max: MAX_SECRET, optional: true, description: '`twilio`: the secret of the API key.' })
  readonly apiKeySecret?: string | null;

  @Sid(
    'MG',
    '`twilio`: a messaging service of the account, which becomes the default number: messages that name none go through it.',
  )
  readonly messagingServiceSid?: string | null;

  @Choice(['provider', 'ours'], {
    optional: true,
    description: '`twilio`: who answers STOP, START and HELP. Twilio does, unless its own answers are turned off.',
  })
  readonly replies?: string | null;

  @Text({ max: MAX_URL, optional: true, description: '`http`, required: where messages are posted to.' })
  readonly url?: string | null;

  @Text({
    max: MAX_SECRET,
    optional: true,
    description:
      '`http`: the secret of Standard Webhooks that both sides sign with, `whsec_` and 24 to 64 bytes in base64. If left out, one is made and returned once.',
  })
  readonly secret?: string | null;

  @Text({ max: 255, optional: true, description: '`telnyx`, required: an API key.' })
  readonly apiKey?: string | null;

  @Text({
    max: 64,
    optional: true,
    description: '`telnyx`, required: the public key of the account, which callbacks are verified by.',
  })
  readonly publicKey?: string | null;

  @Text({ max: 36, optional: true, description: '`telnyx`: the messaging profile to send through.' })
  readonly messagingProfileId?: string | null;

  @Text({ max: 253, optional: true, description: '`smpp`, required: the name or address of the server.' })
  readonly host?: string | null;

  @Integer({
    min: 1,
    max: 65_535,
    example: 2775,
    optional: true,
    description: '`smpp`, required: the port of the server.',
  })
  readonly port?: number | null;

  @Flag({
    example: true,
    optional: true,
    description: '`smpp`: whether the server speaks TLS. If left out, it does not.',
  })
  readonly tls?: boolean | null;

  @Text({ max: 64, optional: true, description: '`smpp`, required: the `system_id` to bind with.' })
  readonly systemId?: string | null;

  @Text({ max: 64, optional: true, description: '`smpp`, required: the password to bind with.' })
  readonly password?: string | null;

  @Text({ max: 32, optional: true, description: '`smpp`: the `system_type` to bind with, if the server asks for one.' })
  readonly systemType?: string | null;

  @Choice(DLR_ID_FORMATS, {
    optional: true,
    description:
      '`smpp`: how delivery receipts write the id of a message: in the `same` way as the response to it, or in `hex` or `dec` where the response is in the other. If left out, `same`.',
  })
  readonly dlrIdFormat?: (typeof DLR_ID_FORMATS)[number] | null;

  @Choice(LONG_TEXTS, {
    optional: true,
    description:
      '`smpp`: how a text goes that needs several segments: in `parts`, each with a header, or whole in the `message_payload` of one. If left out, in `parts`.',
  })
  readonly longTexts?: (typeof LONG_TEXTS)[number] | null;

  @Integer({
    ...{ min: 1, max: 1_000, example: 10, optional: true },
    description: '`smpp`: the messages that may be on their way at once. If left out, 10.',
  })
  readonly window?: number | null;

  @Integer({
    ...{ min: 1, max: 1_000, example: 50, optional: true },
    description: '`smpp`: the messages a second that the server takes. If left out, no limit is kept.',
  })
  readonly mps?: number | null;
}

@RequestSchema('Whom to send a test message to.')
export class TestProviderDto {
  @Recipient()
  readonly to!: string;
}

@ApiSchema({ name: 'Provider', description: 'Who carries the messages of the workspace.' })
export class ProviderDto {
  @Shown({ enum: [...PROVIDER_KINDS], type: String, description: 'The kind of provider.' })
  readonly kind!: ProviderKind;

  @Shown({ type: String, nullable: true, maxLength: 64, example: null, description: 'The account, if it has a name.' })
  readonly accountSid!: string | null;

  @Shown({
    type: String,
    nullable: true,
    maxLength: 4,
    example: null,
    description: 'The last four characters of its secret; the rest is never shown.',
  })
  readonly last4!: string | null;

  @Shown({
    type: String,
    nullable: true,
    maxLength: MAX_URL,
    example: null,
    description:
      'Where the provider is to post messages that come in; statuses go to the same address with `status` in the place of `inbound`. Null if it posts nothing, or the server has no public address.',
  })
  readonly inboundUrl!: string | null;

  @Shown({
    type: 'array',
    items: { type: 'string', enum: ['public_url_missing'] },
    maxItems: 1,
    example: [],
    description:
      '`public_url_missing`: the provider can not reach this server, because the operator has not set `PUBLIC_URL`.',
  })
  readonly warnings!: readonly 'public_url_missing'[];

  @Shown({
    type: String,
    nullable: true,
    maxLength: 1024,
    example: null,
    description: 'Its last error, if it had one.',
  })
  readonly lastError!: string | null;

  @CreatedAt()
  readonly createdAt!: string;
}

@ApiSchema({ name: 'ProviderThatWasSet', description: 'Who carries the messages of the workspace from now on.' })
export class ProviderThatWasSetDto extends ProviderDto {
  @Shown({
    type: String,
    required: false,
    maxLength: MAX_SECRET,
    description: 'The secret that was made; shown only in this answer.',
  })
  readonly secret?: string;
}
