import { field, type Problem } from '../../platform/common/fields/field.js';
import { Choice, exampleId, Text } from '../../platform/common/fields/fields.js';
import { Shown } from '../../platform/common/openapi/operation.js';
import { ListQuery } from '../../platform/common/pagination/list-query.js';
import { PROVIDERS, type Device, type Provider } from './device.entity.js';

const TOKEN = 'f1ab0c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f809';
/** Of a Web Push subscription, in base64url: a point of P-256, and 16 bytes. */
const KEYS = {
  p256dh: 'BNcRdreALRFXTkOOUHK1EtK2wtaz5Ry4YfYCA_0QTpQtUbVlUls0VJXg7A8u-Ts1XbjhazAkj7I99e8QcYP7DkM',
  auth: 'tBHItJI5svbpez7KI4CCXg',
};

/** The first byte of a point that is written out is 4. */
function checkKeys(value: unknown): Problem {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { says: 'must be an object.' };
  }
  const { p256dh, auth, ...others } = value as Record<string, unknown>;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) {
    return { at: unknown, says: 'is not known.' };
  }
  if (typeof p256dh !== 'string' || !/^B[\w-]{86}=?$/.test(p256dh)) {
    return { at: 'p256dh', says: 'must be the p256dh key of a subscription.' };
  }
  return typeof auth === 'string' && /^[\w-]{22}(==)?$/.test(auth)
    ? null
    : { at: 'auth', says: 'must be the auth secret of a subscription.' };
}

export class RegisterDeviceDto {
  @Text({
    name: 'device_id',
    max: 255,
    example: 'phone-1',
    description: 'What the app calls this device; registered again, it replaces what there was.',
  })
  readonly deviceId!: string;

  @Choice(PROVIDERS)
  readonly provider!: Provider;

  @Text({
    max: 4096,
    example: TOKEN,
    description: 'What the provider calls it: of `apns` in hexadecimal, of `webpush` the subscription’s endpoint.',
  })
  readonly token!: string;

  @Text({
    name: 'bundle_id',
    optional: true,
    max: 255,
    example: 'com.example.chat',
    description: 'Of `apns`: the app, where it is not that of the credentials.',
  })
  readonly bundleId?: string | null;

  @field({
    optional: true,
    check: checkKeys,
    schema: {
      type: 'object',
      additionalProperties: { type: 'string' },
      nullable: true,
      example: KEYS,
      description: 'Of `webpush`, and needed there: `p256dh` and `auth` of the subscription.',
    },
  })
  readonly keys?: Device['keys'];
}

export class ListDevicesQuery extends ListQuery('device') {}

export class DeviceDto {
  @Shown({ enum: ['device'], type: String })
  readonly object!: 'device';

  @Shown({ example: exampleId('device') })
  readonly id!: string;

  @Shown({ example: exampleId('customer') })
  readonly customer_id!: string;

  @Shown({ example: 'phone-1' })
  readonly device_id!: string;

  @Shown({ enum: [...PROVIDERS], type: String })
  readonly provider!: Provider;

  @Shown({ example: '…f809', description: 'The end of its token; all of it is never shown.' })
  readonly token!: string;

  @Shown({ type: String, nullable: true, example: 'com.example.chat' })
  readonly bundle_id!: string | null;

  @Shown({ type: 'integer', format: 'int64', example: 1_735_689_600 })
  readonly created!: number;

  @Shown({ example: false })
  readonly livemode!: boolean;
}
