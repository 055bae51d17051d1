import { exampleId } from '../../platform/common/fields/fields.js';
import { field } from '../../platform/common/fields/field.js';
import { Shown } from '../../platform/common/openapi/operation.js';

const SOCKET_ID = /^\d{1,20}\.\d{1,20}$/;
/** Longer than any name there is. */
const MAX_NAME = 200;

export class AuthorizeSubscriptionDto {
  @field({
    name: 'socket_id',
    check: (value) =>
      typeof value === 'string' && SOCKET_ID.test(value) ? null : { says: 'must be the id of a socket.' },
    schema: { type: String, pattern: SOCKET_ID.source, example: '1234.5678', description: 'As the socket was told.' },
  })
  readonly socketId!: string;

  @field({
    name: 'channel_name',
    check: (value) =>
      typeof value === 'string' && value.length <= MAX_NAME ? null : { says: 'must be the name of a channel.' },
    schema: {
      type: String,
      minLength: 1,
      maxLength: MAX_NAME,
      example: `private-channel.${exampleId('channel')}`,
      description:
        '`private-channel.{ch_…}`, `presence-channel.{ch_…}` (for customer sessions), `private-customer.{cus_…}` or `private-client` (for keys).',
    },
  })
  readonly channelName!: string;
}

export class SubscriptionAuthorizationDto {
  @Shown({
    example: 'pk_test_x8vT…:58df8b0c36d6982b82c3ecf6b4662e34fe8c25bba48f5369f135bf843651c3a4',
    description: 'What to subscribe with: the public key, and a signature that holds for this socket and channel.',
  })
  readonly auth!: string;

  @Shown({
    required: false,
    example: `{"user_id":"${exampleId('customer')}","user_info":{"name":"John Doe"}}`,
    description: 'On presence channels: who the others see. Send it along as it is, it is signed too.',
  })
  readonly channel_data?: string;
}
