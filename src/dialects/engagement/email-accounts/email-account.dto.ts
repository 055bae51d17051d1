import { createPrivateKey } from 'node:crypto';
import { ApiSchema } from '@nestjs/swagger';
import { field, type Problem } from '../../../platform/common/fields/field.js';
import { checkText, Choice, Email, Flag } from '../../../platform/common/fields/fields.js';
import { Integer } from '../../../platform/common/fields/integer.js';
import { Line } from '../../../platform/common/fields/line.js';
import { Nested } from '../../../platform/common/fields/nested.js';
import { PassesOver } from '../../../platform/common/fields/read-input.js';
import { CreatedAt } from '../../../platform/common/openapi/shown-moment.js';
import { RequestSchema, Shown } from '../../../platform/common/openapi/shown.js';
import { ShownNumber, ShownUuid } from '../http/shown-ids.js';
import { ImapDto, ImapInput, MAX_PASSWORD } from './imap.dto.js';

const MAX_RATE = 6_000;
const MAX_KEY = 8_192;
const READ_ONLY = ['id', 'uuid', 'inbound', 'status', 'last_error'];

const Host = (): PropertyDecorator =>
  Line({ max: 253, example: 'smtp.example.com', description: 'The name or the public address of the server.' });
const Port = (): PropertyDecorator =>
  Integer({ min: 1, max: 65_535, example: 587, description: 'The port: 25, 465, 587 or 2525.' });

@RequestSchema('The server that takes the mails of an account.')
export class SmtpInput {
  @Host()
  readonly host!: string;

  @Port()
  readonly port!: number;

  @Flag({
    optional: true,
    example: false,
    description: 'Whether TLS begins with the connection; if left out, on port 465. Else STARTTLS is used.',
  })
  readonly secure?: boolean | null;

  @Line({ max: 255, optional: true, example: 'support@example.com', description: 'Who logs in; nobody if left out.' })
  readonly username?: string | null;

  @Line({ max: MAX_PASSWORD, optional: true, description: 'The password. It is kept encrypted and never returned.' })
  readonly password?: string | null;
}

@RequestSchema('The key that signs the mails of an account.')
export class DkimInput {
  @Line({ max: 253, example: 'example.com', description: 'The domain whose key signs.' })
  readonly domain!: string;

  @Line({ max: 63, example: 'mail', description: 'The selector of the key.' })
  readonly selector!: string;

  @PrivateKey()
  readonly privateKey?: string | null;
}

function PrivateKey(): PropertyDecorator {
  return field({
    name: 'private_key',
    optional: true,
    check: (value) => checkText(value, MAX_KEY) ?? (isRsaKey(value as string) ? null : NO_KEY),
    schema: {
      ...{ type: String, maxLength: MAX_KEY, nullable: true },
      description: 'The private RSA key, in PEM. It is kept encrypted and never returned.',
    },
  });
}
const NO_KEY: Problem = { says: 'must be a private RSA key in PEM.' };

function isRsaKey(pem: string): boolean {
  try {
    return createPrivateKey(pem).asymmetricKeyType === 'rsa';
  } catch {
    return false;
  }
}

const Name = (): PropertyDecorator =>
  Line({ max: 255, optional: true, example: 'Support', description: 'What the team calls it.' });
const FromName = (options: { readonly optional?: boolean }): PropertyDecorator =>
  Line({ ...options, name: 'from_name', max: 255, example: 'Acme', description: 'Whom mails come from, by name.' });
const IsDefault = (): PropertyDecorator =>
  Flag({
    ...{ name: 'is_default', optional: true, example: false },
    description: 'Whether mails go out by it where no other account is named. The first account is.',
  });
const Rate = (): PropertyDecorator =>
  Integer({
    ...{ name: 'rate_per_minute', optional: true, min: 1, max: MAX_RATE, example: 60 },
    description: 'How many mails go out by it in a minute at most; 60 if left out.',
  });
const Imap = (): PropertyDecorator =>
  Nested(ImapInput, {
    optional: true,
    description: 'The mailbox that its mails are read from: those that come there from now on; null: from none.',
  });
const Dkim = (): PropertyDecorator =>
  Nested(DkimInput, { optional: true, description: 'The key that signs its mails; null: none does.' });

@RequestSchema('An address that mails go out by and come in to.')
@PassesOver(...READ_ONLY)
export class CreateEmailAccountDto {
  @Name()
  readonly name?: string | null;

  @Email({ example: 'support@example.com', description: 'Its address.' })
  readonly email!: string;

  @FromName({})
  readonly fromName!: string;

  @IsDefault()
  readonly isDefault?: boolean | null;

  @Nested(SmtpInput, { description: 'The server that takes its mails.' })
  readonly smtp!: SmtpInput;

  @Dkim()
  readonly dkim?: DkimInput | null;

  @Imap()
  readonly imap?: ImapInput | null;

  @Rate()
  readonly ratePerMinute?: number | null;
}

@RequestSchema('What changes. What is left out stays; so do secrets that are.')
@PassesOver(...READ_ONLY)
export class UpdateEmailAccountDto {
  @Name()
  readonly name?: string | null;

  @Email({ optional: true, example: 'support@example.com', description: 'Its address. It can not be changed.' })
  readonly email?: string | null;

  @FromName({ optional: true })
  readonly fromName?: string | null;

  @IsDefault()
  readonly isDefault?: boolean | null;

  @Nested(SmtpInput, { optional: true, description: 'The server. On another host, its password is to be said again.' })
  readonly smtp?: SmtpInput | null;

  @Dkim()
  readonly dkim?: DkimInput | null;

  @Imap()
  readonly imap?: ImapInput | null;

  @Rate()
  readonly ratePerMinute?: number | null;
}

@ApiSchema({ description: 'The server that takes mails.' })
export class SmtpDto {
  @Shown({ type: String, maxLength: 253, example: 'smtp.example.com', description: 'Its name or address.' })
  readonly host!: string;

  @Shown({ type: 'integer', minimum: 1, maximum: 65_535, example: 587, description: 'Its port.' })
  readonly port!: number;

  @Shown({ type: Boolean, example: false, description: 'Whether TLS begins with the connection.' })
  readonly secure!: boolean;

  @Shown({ type: String, nullable: true, maxLength: 255, example: 'support@example.com', description: 'Who logs in.' })
  readonly username!: string | null;
}

@ApiSchema({ description: 'The key that signs mails.' })
export class DkimDto {
  @Shown({ type: String, maxLength: 253, example: 'example.com', description: 'The domain whose key signs.' })
  readonly domain!: string;

  @Shown({ type: String, maxLength: 63, example: 'mail', description: 'The selector of the key.' })
  readonly selector!: string;
}

@ApiSchema({ description: 'How mails come in.' })
export class EmailInboundDto {
  @Shown({
    ...{ type: String, nullable: true, maxLength: 320, example: '0123456789abcdef@in.example.com' },
    description: 'The address that mails to the account are to be forwarded to; null where this server takes none.',
  })
  readonly address!: string | null;

  @Shown({
    ...{ type: String, nullable: true, maxLength: 2_048, example: 'https://example.com/inbound/email/t0ken' },
    description:
      'Where mails may be posted to instead, as `message/rfc822`. Whoever knows it can bring mails. Null where the account has to be set again.',
  })
  readonly url!: string | null;
}

@ApiSchema({ description: 'An address that mails go out by and come in to.' })
export class EmailAccountDto {
  @ShownNumber('The id of the account.')
  readonly id!: number;

  @ShownUuid()
  readonly uuid!: string;

  @Shown({ type: String, nullable: true, maxLength: 255, example: 'Support', description: 'What the team calls it.' })
  readonly name!: string | null;

  @Shown({ type: String, maxLength: 255, example: 'support@example.com', description: 'Its address.' })
  readonly email!: string;

  @Shown({ type: String, maxLength: 255, example: 'Acme', description: 'Whom mails come from, by name.' })
  readonly from_name!: string;

  @Shown({ type: Boolean, example: true, description: 'Whether mails go out by it where no other is named.' })
  readonly is_default!: boolean;

  @Shown({ type: SmtpDto, description: 'The server that takes its mails.' })
  readonly smtp!: SmtpDto;

  @Shown({ type: DkimDto, nullable: true, description: 'The key that signs its mails; null if none does.' })
  readonly dkim!: DkimDto | null;

  @Shown({ type: ImapDto, nullable: true, description: 'The mailbox that its mails are read from; null if none is.' })
  readonly imap!: ImapDto | null;

  @Shown({
    type: 'integer',
    minimum: 1,
    maximum: MAX_RATE,
    example: 60,
    description: 'How many mails go out a minute.',
  })
  readonly rate_per_minute!: number;

  @Shown({ type: EmailInboundDto, description: 'How mails come in.' })
  readonly inbound!: EmailInboundDto;

  @Shown({
    ...{ type: String, enum: ['ok', 'error'], example: 'ok' },
    description:
      '`error`: its server does not let it in, or serves nobody now. Its mails wait until it is changed or tested.',
  })
  readonly status!: 'ok' | 'error';

  @Shown({ type: String, nullable: true, maxLength: 500, example: null, description: 'What is wrong; null: nothing.' })
  readonly last_error!: string | null;
}

@ApiSchema({ description: 'What came of a test.' })
export class EmailTestDto {
  @Shown({ type: Boolean, example: true, description: 'Whether its server took a mail, or let it log in.' })
  readonly ok!: boolean;

  @Shown({ type: String, nullable: true, maxLength: 500, example: null, description: 'What is wrong; null: nothing.' })
  readonly error!: string | null;
}

export class FailedEmailsQuery {
  @Choice(['failed'], { optional: true, description: 'Only those in this state: there are no others here.' })
  readonly status?: 'failed' | null;
}

@ApiSchema({ description: 'A mail that came in and could not be understood.' })
export class FailedEmailDto {
  @ShownUuid('The id of the mail.')
  readonly id!: string;

  @Shown({ type: String, enum: ['failed'], example: 'failed', description: '`failed`: nothing more is tried.' })
  readonly status!: 'failed';

  @Shown({ type: String, maxLength: 2_000, example: 'It names no sender', description: 'What is wrong with it.' })
  readonly error!: string;

  @CreatedAt()
  readonly created_at!: string;
}
