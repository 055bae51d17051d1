import { ApiSchema } from '@nestjs/swagger';
import { MAX_MEMBERS } from '../../../channels/members.service.js';
import { field, type Problem } from '../../../platform/common/fields/field.js';
import { checkText } from '../../../platform/common/fields/fields.js';
import { isStorable } from '../../../platform/common/fields/json-value.js';
import { RequestSchema, Shown } from '../../../platform/common/openapi/shown.js';
import { checkConversationMetadata } from '../conversations/conversation-metadata.js';
import { checkParticipants, type ParticipantInput } from '../conversations/participants.js';
import { FromId, PageSize } from '../http/layer-page.js';
import { LayerBasicIdentityDto, MAX_URI } from '../identities/identity.dto.js';
import { EXAMPLE_UUID, LayerUri, ShownDate, ShownUri, ShownUrl } from '../layer-fields.js';
import { memberUri, parseLayerId, parseUserId } from '../layer-id.js';
import { LayerInChannelDto } from '../messages/layer-message.dto.js';
import { ROLES, type ChannelObject, type MembershipObject } from './channel-object.js';

const METADATA = { type: 'object', additionalProperties: true, example: { topic: 'Lunch' } } as const;
/** Characters. */
const MAX_NAME = 255;
const EXAMPLE_MEMBER = memberUri(EXAMPLE_UUID, 'jane');

/** Layer's rule: a UUID always is an id. */
function checkName(value: unknown): Problem {
  return (
    checkText(value, MAX_NAME) ?? (parseLayerId('channels', value) === null ? null : { says: 'must not be a UUID.' })
  );
}

export class ChannelNameDto {
  @field({
    check: checkName,
    schema: {
      type: String,
      minLength: 1,
      maxLength: MAX_NAME,
      example: 'lunch',
      description: 'The name, which no other channel of the app has. Must not be a UUID.',
    },
  })
  readonly name!: string;
}

@RequestSchema('A new channel.')
export class LayerCreateChannelDto extends ChannelNameDto {
  @field({
    optional: true,
    check: (value) => checkParticipants(value, MAX_MEMBERS),
    schema: {
      type: 'array',
      maxItems: MAX_MEMBERS,
      items: { type: 'string', minLength: 1, maxLength: MAX_URI },
      example: ['layer:///identities/jane', 'john'],
      description:
        'The members, by Layer URI or user id. The user of the session is always one; unknown users are created.',
    },
  })
  readonly members?: readonly ParticipantInput[] | null;

  @field({
    optional: true,
    check: checkConversationMetadata,
    schema: {
      ...METADATA,
      nullable: true,
      description: 'Your own data: strings, or objects of strings; at most 16 KB as JSON.',
    },
  })
  readonly metadata?: Readonly<Record<string, unknown>> | null;

  @LayerUri('channels', {
    optional: true,
    description: 'An id you choose, so that a retry cannot create the channel twice.',
  })
  readonly id?: string | null;
}

export class ListLayerChannelsQuery {
  @PageSize()
  readonly pageSize: number = 100;

  @FromId('channels')
  readonly fromId?: string | null;
}

/** The SDKs ask for as many members as for identities. */
const MEMBERS_PAGE = 500;
const IN_MEMBER_URI = /^layer:\/\/\/channels\/[^/]+\/members\/(.+)$/;

export class ListMembersQuery {
  @PageSize(MEMBERS_PAGE)
  readonly pageSize: number = MEMBERS_PAGE;

  @field({
    name: 'from_id',
    optional: true,
    read: (value) => readUserId(value) ?? value,
    check: (value) =>
      typeof value === 'string' && value !== '' && isStorable(value)
        ? null
        : { says: 'must be the Layer URI of a member, or a user id.' },
    schema: {
      type: String,
      minLength: 1,
      maxLength: MAX_URI,
      description: 'The Layer URI or user id of the last member on the previous page, to get the page after it.',
    },
  })
  readonly fromId?: string;
}

/** The user id in the URI of a membership or of an identity, or the text itself; null where it is neither. */
function readUserId(value: unknown): string | null {
  const [, escaped] = (typeof value === 'string' && IN_MEMBER_URI.exec(value)) || [];
  return parseUserId(escaped === undefined ? value : `layer:///identities/${escaped}`);
}

@ApiSchema({ description: 'The membership of a user in a channel.' })
export class LayerMembershipDto implements MembershipObject {
  @Shown({
    type: String,
    pattern: '^layer:///channels/[^/]+/members/.+$',
    maxLength: MAX_URI,
    example: EXAMPLE_MEMBER,
    description: 'The Layer URI of the membership.',
  })
  readonly id!: string;

  @ShownUrl(`/layer/channels/${EXAMPLE_UUID}/members/jane`, { description: 'Where to GET the membership.' })
  readonly url!: string;

  @Shown({ type: LayerInChannelDto, description: 'The channel.' })
  readonly channel!: LayerInChannelDto;

  @Shown({ type: LayerBasicIdentityDto, description: 'The member.' })
  readonly identity!: LayerBasicIdentityDto;

  @Shown({
    type: String,
    enum: [...ROLES],
    description: 'An owner may change and delete the channel, and remove other members.',
  })
  readonly role!: (typeof ROLES)[number];
}

@ApiSchema({ description: 'A channel, as the user of the session sees it.' })
export class LayerChannelDto implements ChannelObject {
  @ShownUri('channels', { description: 'The Layer URI of the channel.' })
  readonly id!: string;

  @ShownUrl(`/layer/channels/${EXAMPLE_UUID}`, { description: 'Where to GET the channel.' })
  readonly url!: string;

  @ShownUrl(`/layer/channels/${EXAMPLE_UUID}/messages`, { description: 'Where the messages of it are.' })
  readonly messages_url!: string;

  @ShownUrl(`/layer/channels/${EXAMPLE_UUID}/members`, { description: 'Where the members of it are.' })
  readonly members_url!: string;

  @ShownDate({ description: 'When the channel was created.' })
  readonly created_at!: string;

  @Shown({ type: String, maxLength: MAX_NAME, example: 'lunch', description: 'The name, unique in the app.' })
  readonly name!: string;

  @Shown({ ...METADATA, description: 'Your own data for the channel; empty if there is none.' })
  readonly metadata!: Readonly<Record<string, unknown>>;

  @Shown({
    type: LayerMembershipDto,
    nullable: true,
    description: 'The membership of the user of the session; null if the user is not a member.',
  })
  readonly membership!: LayerMembershipDto | null;
}
