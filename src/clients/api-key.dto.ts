import { ApiSchema } from '@nestjs/swagger';
import { keyPattern } from './key-format.js';
import { ChoiceList, Text, UnixTime } from '../platform/common/fields/fields.js';
import {
  Created,
  Livemode,
  ObjectType,
  RequestSchema,
  Shown,
  ShownId,
  ShownTime,
} from '../platform/common/openapi/shown.js';
import { ListQuery } from '../platform/common/pagination/list-query.js';
import { GRANTS } from '../platform/common/tenancy/scopes.js';

@RequestSchema('A new API key.')
export class CreateApiKeyDto {
  @Text({ max: 255, example: 'Web shop', description: 'A name to recognise the key by.' })
  readonly name!: string;

  @ChoiceList(GRANTS, { description: 'What the key may do; `*` means everything.' })
  readonly scopes!: readonly string[];

  @UnixTime({
    name: 'expires_at',
    optional: true,
    example: 4_102_444_800,
    description: 'When the key stops working, in Unix seconds; never if left out or null.',
  })
  readonly expiresAt?: Date | null;
}

export class ListApiKeysQuery extends ListQuery('api_key') {}

@ApiSchema({ description: 'A secret key, without the secret.' })
export class ApiKeyDto {
  @ObjectType('api_key')
  readonly object!: 'api_key';

  @ShownId('api_key', { description: 'The id of the API key.' })
  readonly id!: string;

  @ShownId('client', { description: 'The id of the client the key belongs to.' })
  readonly client_id!: string;

  @Shown({ maxLength: 255, example: 'Web shop', description: 'A name to recognise the key by.' })
  readonly name!: string;

  @Shown({
    type: 'array',
    items: { type: 'string', enum: [...GRANTS] },
    example: ['*'],
    description: 'What the key may do; `*` means everything.',
  })
  readonly scopes!: readonly string[];

  @Shown({ minLength: 4, maxLength: 4, example: 'n5Qz', description: 'The last four characters of the secret key.' })
  readonly last4!: string;

  @ShownTime({ nullable: true, example: 4_102_444_800, description: 'When the key stops working; null for never.' })
  readonly expires_at!: number | null;

  @ShownTime({ nullable: true, example: null, description: 'When the key was revoked; null if it was not.' })
  readonly revoked_at!: number | null;

  @ShownTime({ nullable: true, description: 'When the key was last used, to the minute; null if never.' })
  readonly last_used_at!: number | null;

  @Created()
  readonly created!: number;

  @Livemode()
  readonly livemode!: boolean;
}

@ApiSchema({ description: 'A new secret key.' })
export class CreatedApiKeyDto extends ApiKeyDto {
  @Shown({
    pattern: keyPattern('sk'),
    example: 'sk_test_26PHem9AhJZvU623DfE1x4sdQ8rLw0Xb7Gn5Qz',
    description: 'The secret key, to send as `Authorization: Bearer`; shown only in this answer.',
  })
  readonly secret_key!: string;
}
