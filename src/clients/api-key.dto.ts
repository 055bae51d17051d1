import { ChoiceList, exampleId, Text, UnixTime } from '../platform/common/fields/fields.js';
import { Shown } from '../platform/common/openapi/operation.js';
import { ListQuery } from '../platform/common/pagination/list-query.js';
import { GRANTS } from '../platform/common/tenancy/scopes.js';

const MOMENT = { type: 'integer', format: 'int64', example: 1_735_689_600 } as const;

export class CreateApiKeyDto {
  @Text({ max: 255, example: 'Web shop' })
  readonly name!: string;

  @ChoiceList(GRANTS, { description: 'What the key may do; `*` is everything.' })
  readonly scopes!: readonly string[];

  @UnixTime({
    name: 'expires_at',
    optional: true,
    example: 4_102_444_800,
    description: 'When the key stops working; never where left out or null.',
  })
  readonly expiresAt?: Date | null;
}

export class ListApiKeysQuery extends ListQuery('api_key') {}

export class ApiKeyDto {
  @Shown({ enum: ['api_key'], type: String })
  readonly object!: 'api_key';

  @Shown({ example: exampleId('api_key') })
  readonly id!: string;

  @Shown({ example: exampleId('client') })
  readonly client_id!: string;

  @Shown({ example: 'Web shop' })
  readonly name!: string;

  @Shown({ type: 'array', items: { type: 'string', enum: [...GRANTS] }, example: ['*'] })
  readonly scopes!: readonly string[];

  @Shown({ example: 'n5Qz', description: 'The last four characters of the secret key.' })
  readonly last4!: string;

  @Shown({ ...MOMENT, nullable: true, example: 4_102_444_800 })
  readonly expires_at!: number | null;

  @Shown({ ...MOMENT, nullable: true, example: null })
  readonly revoked_at!: number | null;

  @Shown({ ...MOMENT, nullable: true, description: 'Exact to the minute.' })
  readonly last_used_at!: number | null;

  @Shown(MOMENT)
  readonly created!: number;

  @Shown({ example: false })
  readonly livemode!: boolean;
}

export class CreatedApiKeyDto extends ApiKeyDto {
  @Shown({ example: 'sk_test_26PHem9AhJZvU623DfE1x4sdQ8rLw0Xb7Gn5Qz', description: 'Shown this once.' })
  readonly secret_key!: string;
}
