import { ApiSchema } from '@nestjs/swagger';
import { Text } from '../../../platform/common/fields/fields.js';
import { RequestSchema, Shown } from '../../../platform/common/openapi/shown.js';
import { ShownMoment } from '../../../platform/common/openapi/shown-moment.js';
import { Password } from '../../../users/http/auth.fields.js';

const MAX_CODE = 64;
const MAX_CHALLENGE = 256;

@ApiSchema({ description: 'What a login still needs.' })
export class ChallengeDto {
  @Shown({
    type: String,
    example: 'umt_9kT2vXq7Lw0RzB4nCeYd8GhJ5mPs3AuF0aB1cD',
    description: 'To be sent to `/api/auth/2fa/verify` with a code, at most five times.',
  })
  readonly challenge!: string;

  @ShownMoment({ description: 'Until when.' })
  readonly expiresAt!: string;
}

@ApiSchema({ description: 'The password was right, and a code is needed.' })
export class ChallengedDto {
  @Shown({ type: ChallengeDto, description: 'The challenge.' })
  readonly twoFactor!: ChallengeDto;
}

@ApiSchema({ description: 'A secret for an authenticator app.' })
export class TwoFactorSetupDto {
  @Shown({ type: String, example: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', description: 'The secret, in base32.' })
  readonly secret!: string;

  @Shown({
    type: String,
    example: 'otpauth://totp/Parlance:ann%40acme.com?secret=GEZDGNBVGY3TQOJQ&issuer=Parlance',
    description: 'The same as an address, to be shown as a QR code.',
  })
  readonly otpauthUrl!: string;
}

@ApiSchema({ description: 'Codes to log in with where the app is lost.' })
export class RecoveryCodesDto {
  @Shown({
    type: [String],
    example: ['abcd-efgh-jkmn'],
    description: 'Ten codes, each good for one login. They are shown only here.',
  })
  readonly recoveryCodes!: readonly string[];
}

@RequestSchema('A code from the app.')
export class ConfirmTwoFactorDto {
  @Text({ max: MAX_CODE, example: '287082', description: 'The six digits the app shows.' })
  readonly code!: string;
}

@RequestSchema('A challenge, and a code that answers it.')
export class VerifyTwoFactorDto {
  @Text({
    max: MAX_CHALLENGE,
    example: 'umt_9kT2vXq7Lw0RzB4nCeYd8GhJ5mPs3AuF0aB1cD',
    description: 'The challenge that the login was answered with.',
  })
  readonly challenge!: string;

  @Text({ max: MAX_CODE, example: '287082', description: 'The six digits the app shows, or a recovery code.' })
  readonly code!: string;
}

@RequestSchema('The password and a code.')
export class DisableTwoFactorDto {
  @Password({ description: 'The password.' })
  readonly password!: string;

  @Text({ max: MAX_CODE, example: '287082', description: 'The six digits the app shows, or a recovery code.' })
  readonly code!: string;
}
