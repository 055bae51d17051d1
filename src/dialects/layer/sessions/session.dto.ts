import { ApiSchema } from '@nestjs/swagger';
import { Text } from '../../../platform/common/fields/fields.js';
import { keyPattern } from '../../../clients/key-format.js';
import { RequestSchema, Shown } from '../../../platform/common/openapi/shown.js';
import { ShownUrl } from '../layer-fields.js';

@ApiSchema({ description: 'The URLs of the API.' })
export class RelationsDto {
  @ShownUrl('/layer/nonces', { description: 'Where to request a nonce.' })
  readonly nonces!: string;

  @ShownUrl('/layer/sessions', { description: 'Where to create a session.' })
  readonly sessions!: string;

  @ShownUrl('/layer/conversations', { description: 'Where the conversations are.' })
  readonly conversations!: string;

  @ShownUrl('/layer/content', { description: 'Where to upload content too large for a message.' })
  readonly content!: string;
}

@ApiSchema({ description: 'A nonce for one identity token.' })
export class NonceDto {
  @Shown({
    pattern: '^[A-Za-z0-9_-]{43}$',
    example: 'OYIX8XU4SBcZ2yxCgJL0eXTQoXJ1hqzk2SYEvkqXuXc',
    description: 'The nonce to put in one identity token; valid for ten minutes.',
  })
  readonly nonce!: string;
}

@RequestSchema('Who logs in to which app.')
export class CreateSessionDto {
  @Text({
    name: 'identity_token',
    max: 8_192,
    example: 'eyJhbGciOiJFUzI1NiJ9.e30.c2lnbmF0dXJl',
    description: 'A JWT your server signed (RS256 or ES256) with an identity key registered for the client.',
  })
  readonly identityToken!: string;

  @Text({
    name: 'app_id',
    max: 255,
    example: 'layer:///apps/staging/01890a5d-ac96-774b-bcce-b302099a8057',
    description:
      'The id of the client: `clt_…`, its UUID, or `layer:///apps/staging/` or `layer:///apps/production/` and its UUID.',
  })
  readonly appId!: string;
}

@ApiSchema({ description: 'A new session.' })
export class SessionDto {
  @Shown({
    pattern: keyPattern('cst'),
    example: 'cst_test_26PHem9AhJZvU623DfE1x4sdQ8rLw0Xb7Gn5Qz',
    description: 'The token to send in the Authorization header; valid for thirty days.',
  })
  readonly session_token!: string;
}
