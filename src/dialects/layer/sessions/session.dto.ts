import { Text } from '../../../platform/common/fields/fields.js';
import { Shown } from '../../../platform/common/openapi/operation.js';

export class RelationsDto {
  @Shown({ example: 'https://example.com/layer/nonces' })
  readonly nonces!: string;

  @Shown({ example: 'https://example.com/layer/sessions' })
  readonly sessions!: string;

  @Shown({ example: 'https://example.com/layer/conversations' })
  readonly conversations!: string;

  @Shown({ example: 'https://example.com/layer/content' })
  readonly content!: string;
}

export class NonceDto {
  @Shown({ example: 'OYIX8XU4SBcZ2yxCgJL0eXTQoXJ1hqzk2SYEvkqXuXc', description: 'Good once, for ten minutes.' })
  readonly nonce!: string;
}

export class CreateSessionDto {
  @Text({
    name: 'identity_token',
    max: 8_192,
    example: 'eyJhbGciOiJFUzI1NiJ9.e30.c2lnbmF0dXJl',
    description: 'A JWT that your own server signed: RS256 or ES256, with a key that is registered for the client.',
  })
  readonly identityToken!: string;

  @Text({
    name: 'app_id',
    max: 255,
    example: 'layer:///apps/staging/01890a5d-ac96-774b-bcce-b302099a8057',
    description: 'The id of the client: `clt_…`, its UUID, or `layer:///apps/staging/` or `production/` and that.',
  })
  readonly appId!: string;
}

export class SessionDto {
  @Shown({ example: 'cst_test_26PHem9AhJZvU623DfE1x4sdQ8rLw0Xb7Gn5Qz', description: 'Good for thirty days.' })
  readonly session_token!: string;
}
