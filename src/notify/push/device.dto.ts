import { ApiSchema } from '@nestjs/swagger';
import { field, type Problem } from '../../platform/common/fields/field.js';
import { Choice, Text } from '../../platform/common/fields/fields.js';
import { Created, Livemode, ObjectType, RequestSchema, Shown, ShownId } from '../../platform/common/openapi/shown.js';
import { ListQuery } from '../../platform/common/pagination/list-query.js';
import { PROVIDERS, type Device, type Provider } from './device.entity.js';

const TOKEN = 'f1ab0c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f809';
/** Of a Web Push subscription, in base64url: a point of P-256, and 16 bytes. */
const KEYS = {
  p256dh: 'BNcRdreALRFXTkOOUHK1EtK2wtaz5Ry4YfYCA_0QTpQtUbVlUls0VJXg7A8u-Ts1XbjhazAkj7I99e8QcYP7DkM',
  auth: 'tBHItJI5svbpez7KI4CCXg',
};

/** The first byte of a point that is written out is 4. */
const P256DH = /^B[\w-]{86}=?$/;
const AUTH = /^[\w-]{22}(==)?$/;

function checkKeys(value: unknown): Problem {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { says: 'must be an object.' };
  }
  const { p256dh, auth, ...others } = value as Record<string, unknown>;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) {
    return { at: unknown, says: 'is not known.' };
  }
  if (typeof p256dh !== 'string' || !P256DH.test(p256dh)) {
    return { at: 'p256dh', says: 'must be the p256dh key of a subscription.' };
  }
  return typeof auth === 'string' && AUTH.test(auth)
    ? null
    : { at: 'auth', says: 'must be the auth secret of a subscription.' };
}

@RequestSchema('A device to send push notifications to.')
export class RegisterDeviceDto {
  @Text({
    name: 'device_id',
    max: 255,
    example: 'phone-1',
    description: 'Your own id for the device; registering it again replaces the earlier registration.',
  })
  readonly deviceId!: string;

  @Choice(PROVIDERS, { description: 'The service that delivers notifications to the device.' })
  readonly provider!: Provider;

  @Text({
    max: 4096,
    example: TOKEN,
    description: 'The device token: for `apns` in hexadecimal, for `webpush` the endpoint of the subscription.',
  })
  readonly token!: string;

  @Text({
    name: 'bundle_id',
    optional: true,
    max: 255,
    example: 'com.example.chat',
    description: 'For `apns`: the bundle id of the app, if it is not the one in the credentials.',
  })
  readonly bundleId?: string | null;

  @field({
    optional: true,
    check: checkKeys,
    schema: {
      type: 'object',
      properties: {
        p256dh: {
          type: 'string',
          pattern: P256DH.source,
          description: 'The public key of the subscription, in base64url.',
        },
        auth: { type: 'string', pattern: AUTH.source, description: 'The secret of the subscription, in base64url.' },
      },
      required: ['p256dh', 'auth'],
      additionalProperties: false,
      nullable: true,
      example: KEYS,
      description: 'The `p256dh` and `auth` keys of the subscription: required for `webpush`, ignored otherwise.',
    },
  })
  readonly keys?: Device['keys'];
}

export class ListDevicesQuery extends ListQuery('device') {}

@ApiSchema({ description: 'A device that gets push notifications.' })
export class DeviceDto {
  @ObjectType('device')
  readonly object!: 'device';

  @ShownId('device', { description: 'The id of the device.' })
  readonly id!: string;

  @ShownId('customer', { description: 'The id of the customer who uses the device.' })
  readonly customer_id!: string;

  @Shown({ maxLength: 255, example: 'phone-1', description: 'Your own id for the device.' })
  readonly device_id!: string;

  @Shown({
    enum: [...PROVIDERS],
    type: String,
    example: 'apns',
    description: 'The service that delivers notifications to the device.',
  })
  readonly provider!: Provider;

  @Shown({
    maxLength: 10,
    example: '…f809',
    description: 'The end of the token, only `…` for a short one; the whole token is never shown.',
  })
  readonly token!: string;

  @Shown({
    type: String,
    maxLength: 255,
    nullable: true,
    example: 'com.example.chat',
    description: 'The bundle id of the app; null if none was given.',
  })
  readonly bundle_id!: string | null;

  @Created()
  readonly created!: number;

  @Livemode()
  readonly livemode!: boolean;
}
