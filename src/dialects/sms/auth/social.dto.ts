import { ApiSchema } from '@nestjs/swagger';
import { field } from '../../../platform/common/fields/field.js';
import { RequestSchema, Shown } from '../../../platform/common/openapi/shown.js';
import { MailedToken } from '../../../users/http/auth.fields.js';

/** RFC 7636, sections 4.1 and 4.2. */
const VERIFIER = /^[A-Za-z0-9._~-]{43,128}$/;
const CHALLENGE = /^[A-Za-z0-9_-]{43}$/;

@ApiSchema({ description: 'By whose accounts users can sign in here.' })
export class SocialProvidersDto {
  @Shown({
    type: [String],
    example: ['google'],
    description: '`google`, `microsoft`, `github`: those that are set up.',
  })
  readonly data!: readonly string[];
}

@RequestSchema('The begin of a sign-in.')
export class StartSocialDto {
  @Proof({
    pattern: CHALLENGE,
    says: 'must be the SHA-256 of a verifier in base64url.',
    example: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    description: 'The SHA-256 of a random `verifier`, in base64url without padding. The page keeps the verifier.',
  })
  readonly challenge!: string;
}

@ApiSchema({ description: 'Where a sign-in goes on.' })
export class SocialStartDto {
  @Shown({
    type: String,
    format: 'uri',
    example: 'https://accounts.google.com/o/oauth2/v2/auth?client_id=parlance&state=3f9c',
    description: 'Send the browser there. It is good for ten minutes, and once.',
  })
  readonly url!: string;
}

@RequestSchema('The end of a sign-in.')
export class ExchangeSocialDto {
  @MailedToken({ description: 'The code that came behind `#code=`.' })
  readonly code!: string;

  @Proof({
    pattern: VERIFIER,
    says: 'must be 43 to 128 letters, digits or any of -._~',
    example: 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk',
    description: 'What the `challenge` of the start is the SHA-256 of.',
  })
  readonly verifier!: string;
}

function Proof({
  pattern,
  says,
  example,
  description,
}: {
  readonly pattern: RegExp;
  readonly says: string;
  readonly example: string;
  readonly description: string;
}): PropertyDecorator {
  return field({
    check: (value) => (typeof value === 'string' && pattern.test(value) ? null : { says }),
    schema: { type: String, pattern: pattern.source, example, description },
  });
}
