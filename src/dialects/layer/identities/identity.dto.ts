import { field } from '../../../platform/common/fields/field.js';
import { isStorable } from '../../../platform/common/fields/json-value.js';
import { Shown } from '../../../platform/common/openapi/operation.js';
import { PageSize } from '../http/layer-page.js';
import type { BasicIdentity, FullIdentity } from '../identity.presenter.js';
import { parseUserId } from '../layer-id.js';

/** Of identities a page holds more than of anything else. */
const PAGE_SIZE = 500;

export class ListIdentitiesQuery {
  @PageSize(PAGE_SIZE)
  readonly pageSize: number = PAGE_SIZE;

  @field({
    name: 'from_id',
    optional: true,
    read: (value) => parseUserId(value) ?? value,
    check: (value) =>
      typeof value === 'string' && value !== '' && isStorable(value)
        ? null
        : { says: 'must be a Layer URI or a user id.' },
    schema: {
      type: String,
      description: 'The last one of the page before, as Layer URI or user id; this page starts after it.',
    },
  })
  readonly fromId?: string;
}

export class LayerBasicIdentityDto implements BasicIdentity {
  @Shown({ example: 'layer:///identities/jane' })
  readonly id!: string;

  @Shown({ example: 'https://example.com/layer/identities/jane' })
  readonly url!: string;

  @Shown({ example: 'jane', description: 'The customer’s external id, or where it has none its id.' })
  readonly user_id!: string;

  @Shown({ example: 'Jane Roe' })
  readonly display_name!: string;

  @Shown({ type: String, nullable: true, example: 'https://example.com/jane.png' })
  readonly avatar_url!: string | null;
}

const TEXT = { type: String, nullable: true } as const;

export class LayerIdentityDto extends LayerBasicIdentityDto implements FullIdentity {
  @Shown({ ...TEXT, example: 'Jane' })
  readonly first_name!: string | null;

  @Shown({ ...TEXT, example: 'Roe' })
  readonly last_name!: string | null;

  @Shown({ ...TEXT, example: null })
  readonly phone_number!: string | null;

  @Shown({ ...TEXT, example: 'jane@example.com' })
  readonly email_address!: string | null;

  @Shown({ ...TEXT, example: null, description: 'Always null: no messages are encrypted with it.' })
  readonly public_key!: null;

  @Shown({ type: 'object', additionalProperties: true, example: { team: 'sales' } })
  readonly metadata!: Record<string, unknown>;

  @Shown({ type: String, enum: ['user'] })
  readonly identity_type!: 'user';
}
