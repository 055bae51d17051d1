import { ApiSchema } from '@nestjs/swagger';
import { Email } from '../../../platform/common/fields/fields.js';
import { RequestSchema, Shown } from '../../../platform/common/openapi/shown.js';
import { MailedToken, Name, Password } from '../../../users/http/auth.fields.js';

@RequestSchema('A new account.')
export class RegisterDto {
  @Email({ example: 'ann@acme.com', description: 'The e-mail address. It is trimmed and lower-cased.' })
  readonly email!: string;

  @Password({ description: 'At least 10 characters, and not one that many people use.' })
  readonly password!: string;

  @Name({ example: 'Ann', description: 'The name that others see.' })
  readonly name!: string;

  @Name({
    optional: true,
    example: 'Acme',
    description: 'A workspace to begin with, where users make them. It is made once the e-mail address is proven.',
  })
  readonly workspaceName?: string | null;
}

@RequestSchema('An e-mail address.')
export class EmailOnlyDto {
  @Email({ example: 'ann@acme.com', description: 'The e-mail address of the account.' })
  readonly email!: string;
}

@RequestSchema('A token that came by mail.')
export class VerifyEmailDto {
  @MailedToken()
  readonly token!: string;
}

@RequestSchema('A new password, with a token that came by mail.')
export class ResetPasswordDto {
  @MailedToken()
  readonly token!: string;

  @Password({ description: 'The new password: at least 10 characters, and not one that many people use.' })
  readonly password!: string;
}

@ApiSchema({ description: 'A mail is on its way.' })
export class VerificationSentDto {
  @Shown({ type: String, enum: ['verification_sent'], description: 'Always `verification_sent`.' })
  readonly status!: 'verification_sent';
}
