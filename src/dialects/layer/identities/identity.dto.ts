import { ApiSchema } from '@nestjs/swagger';
import { field } from '../../../platform/common/fields/field.js';
import { isStorable } from '../../../platform/common/fields/json-value.js';
import { Shown } from '../../../platform/common/openapi/shown.js';
import { ShownUrl } from '../layer-fields.js';
import { PageSize } from '../http/layer-page.js';
import type { BasicIdentity, FullIdentity } from '../identity.presenter.js';
import { parseUserId } from '../layer-id.js';

/** Of a user id of 255 characters, each of which may take twelve once it is escaped. */
export const MAX_URI = 4_096;
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
      minLength: 1,
      maxLength: MAX_URI,
      description: 'The Layer URI or user id of the last identity on the previous page, to get the page after it.',
    },
  })
  readonly fromId?: string;
}

const IDENTITY_URI = { type: String, pattern: '^layer:///identities/.+$', maxLength: MAX_URI } as const;
const USER_ID = { type: String, maxLength: 255 } as const;
const NAME = { type: String, maxLength: 255 } as const;
const AVATAR_URL = { type: String, maxLength: 2_048, nullable: true, example: 'https://example.com/jane.png' } as const;

@ApiSchema({ description: 'A user, in short.' })
export class LayerBasicIdentityDto implements BasicIdentity {
  @Shown({ ...IDENTITY_URI, example: 'layer:///identities/jane', description: 'The Layer URI of the identity.' })
  readonly id!: string;

  @ShownUrl('/layer/identities/jane', { description: 'Where to GET the identity.' })
  readonly url!: string;

  @Shown({ ...USER_ID, example: 'jane', description: 'The external id of the customer or, without one, its id.' })
  readonly user_id!: string;

  @Shown({ ...NAME, example: 'Jane Roe', description: 'The name to show.' })
  readonly display_name!: string;

  @Shown({ ...AVATAR_URL, description: 'The address of a picture; null if there is none.' })
  readonly avatar_url!: string | null;
}

/** The sender of a message: an erased customer or the app itself has only a name. */
@ApiSchema({ description: 'Who sent something: a user, an erased user or the app.' })
export class LayerSenderDto {
  @Shown({
    ...IDENTITY_URI,
    nullable: true,
    example: 'layer:///identities/jane',
    description: 'The Layer URI of the sender; null if the sender is no identity, or not any more.',
  })
  readonly id!: string | null;

  @ShownUrl('/layer/identities/jane', { nullable: true, description: 'Where to GET the sender; null if `id` is.' })
  readonly url!: string | null;

  @Shown({ ...USER_ID, nullable: true, example: 'jane', description: 'The user id of the sender; null if `id` is.' })
  readonly user_id!: string | null;

  @Shown({ ...NAME, example: 'Jane Doe', description: 'The name to show.' })
  readonly display_name!: string;

  @Shown({ ...AVATAR_URL, description: 'The address of a picture; null if there is none.' })
  readonly avatar_url!: string | null;
}

const TEXT = { type: String, maxLength: 255, nullable: true } as const;

@ApiSchema({ description: 'A user.' })
export class LayerIdentityDto extends LayerBasicIdentityDto implements FullIdentity {
  @Shown({ ...TEXT, example: 'Jane', description: 'The first name; null if unknown.' })
  readonly first_name!: string | null;

  @Shown({ ...TEXT, example: 'Roe', description: 'The last name; null if unknown.' })
  readonly last_name!: string | null;

  @Shown({ ...TEXT, example: null, description: 'The telephone number; null if unknown.' })
  readonly phone_number!: string | null;

  @Shown({ ...TEXT, format: 'email', example: 'jane@example.com', description: 'The e-mail address; null if unknown.' })
  readonly email_address!: string | null;

  @Shown({ ...TEXT, example: null, description: 'Always null: messages are not encrypted with it.' })
  readonly public_key!: null;

  @Shown({
    type: 'object',
    additionalProperties: true,
    example: { team: 'sales' },
    description: 'Your own data for the customer; empty if there is none.',
  })
  readonly metadata!: Record<string, unknown>;

  @Shown({ type: String, enum: ['user'], description: 'Always `user`.' })
  readonly identity_type!: 'user';
}
