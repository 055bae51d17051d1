import { ApiSchema } from '@nestjs/swagger';
import { Flag } from '../../../platform/common/fields/fields.js';
import { Integer } from '../../../platform/common/fields/integer.js';
import { Line } from '../../../platform/common/fields/line.js';
import { PassesOver } from '../../../platform/common/fields/read-input.js';
import { RequestSchema, Shown } from '../../../platform/common/openapi/shown.js';

export const MAX_PASSWORD = 1_024;

@RequestSchema('The mailbox that mails to an account lie in.')
@PassesOver('status', 'last_error')
export class ImapInput {
  @Line({ max: 253, example: 'imap.example.com', description: 'The name or the public address of the server.' })
  readonly host!: string;

  @Integer({ min: 1, max: 65_535, example: 993, description: 'The port: 143 or 993.' })
  readonly port!: number;

  @Flag({
    optional: true,
    example: true,
    description: 'Whether TLS begins with the connection; if left out, on port 993. Else STARTTLS is used.',
  })
  readonly secure?: boolean | null;

  @Line({ max: 255, example: 'support@example.com', description: 'Who logs in.' })
  readonly username!: string;

  @Line({ max: MAX_PASSWORD, optional: true, description: 'The password. It is kept encrypted and never returned.' })
  readonly password?: string | null;
}

@ApiSchema({ description: 'The mailbox that mails are read from.' })
export class ImapDto {
  @Shown({ type: String, maxLength: 253, example: 'imap.example.com', description: 'Its name or address.' })
  readonly host!: string;

  @Shown({ type: 'integer', minimum: 1, maximum: 65_535, example: 993, description: 'Its port.' })
  readonly port!: number;

  @Shown({ type: Boolean, example: true, description: 'Whether TLS begins with the connection.' })
  readonly secure!: boolean;

  @Shown({ type: String, maxLength: 255, example: 'support@example.com', description: 'Who logs in.' })
  readonly username!: string;

  @Shown({
    ...{ type: String, enum: ['pending', 'ok', 'error'], example: 'ok' },
    description:
      '`pending`: it was not looked into yet. `error`: it can not be read now, which is tried again and again.',
  })
  readonly status!: 'pending' | 'ok' | 'error';

  @Shown({ type: String, nullable: true, maxLength: 500, example: null, description: 'What is wrong; null: nothing.' })
  readonly last_error!: string | null;
}
