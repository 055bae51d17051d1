import { ApiSchema } from '@nestjs/swagger';
import { Choice, Text } from '../../../platform/common/fields/fields.js';
import { ToleratesUnknownFields } from '../../../platform/common/fields/read-input.js';

/** GCM is what FCM was called before. */
export const TYPES = ['apns', 'fcm', 'gcm'] as const;

/** The SDKs tell of the device as well, such as its `ios_version`. */
@ToleratesUnknownFields()
@ApiSchema({ description: 'A device to send push notifications to. Fields that are not listed here are ignored.' })
export class PushTokenDto {
  @Text({
    max: 4096,
    example: 'f1ab0c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f809',
    description: 'The token the device got from the push service.',
  })
  readonly token!: string;

  @Choice(TYPES, { description: 'The push service; `gcm` is the old name of `fcm`.' })
  readonly type!: (typeof TYPES)[number];

  @Text({
    name: 'device_id',
    max: 255,
    example: 'phone-1',
    description: 'Your own id for the device; registering it again replaces its token.',
  })
  readonly deviceId!: string;

  @Text({
    name: 'apns_bundle_id',
    max: 255,
    optional: true,
    example: 'com.example.chat',
    description: 'The bundle id of the app, if it is not the one in the credentials.',
  })
  readonly apnsBundleId?: string | null;

  @Text({ name: 'gcm_sender_id', max: 255, optional: true, description: 'Accepted and ignored.' })
  readonly gcmSenderId?: string | null;
}
