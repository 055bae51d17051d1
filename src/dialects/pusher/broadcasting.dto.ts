import { ApiSchema } from '@nestjs/swagger';
import { exampleId } from '../../platform/common/ids/type-id.js';
import { field } from '../../platform/common/fields/field.js';
import { RequestSchema, Shown } from '../../platform/common/openapi/shown.js';

const SOCKET_ID = /^\d{1,20}\.\d{1,20}$/;
/** Longer than any name there is. */
const MAX_NAME = 200;

@RequestSchema('A socket, and the channel it wants to subscribe to.')
export class AuthorizeSubscriptionDto {
  @field({
    name: 'socket_id',
    check: (value) =>
      typeof value === 'string' && SOCKET_ID.test(value) ? null : { says: 'must be the id of a socket.' },
    schema: {
      type: String,
      pattern: SOCKET_ID.source,
      example: '1234.5678',
      description: 'The id the server gave the socket when it connected.',
    },
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
        'The channel to subscribe to: `private-channel.{ch_…}`, `presence-channel.{ch_…}` (sessions only), `private-customer.{cus_…}`, `private-client` (secret keys only) or `private-workspace.{clt_…}` (users only).',
    },
  })
  readonly channelName!: string;
}

@ApiSchema({ description: 'The signature a socket subscribes with.' })
export class SubscriptionAuthorizationDto {
  @Shown({
    example:
      'pk_test_4eC39HqLyjWDarjtT1zdp7dcTYooMQ2vKz8Nf0:58df8b0c36d6982b82c3ecf6b4662e34fe8c25bba48f5369f135bf843651c3a4',
    maxLength: 255,
    description: 'The public key and a signature, valid only for this socket and this channel.',
  })
  readonly auth!: string;

  @Shown({
    required: false,
    example: `{"user_id":"${exampleId('customer')}","user_info":{"name":"John Doe"}}`,
    description: 'For presence channels: JSON with what the other members see. It is signed, so pass it on unchanged.',
    maxLength: 8_192,
  })
  readonly channel_data?: string;
}
