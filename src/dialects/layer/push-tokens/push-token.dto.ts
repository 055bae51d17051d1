import { Choice, Text } from '../../../platform/common/fields/fields.js';
import { ToleratesUnknownFields } from '../../../platform/common/fields/read-input.js';

/** GCM is what FCM was called before. */
export const TYPES = ['apns', 'fcm', 'gcm'] as const;

/** The SDKs tell of the device as well, such as its `ios_version`. */
@ToleratesUnknownFields()
export class PushTokenDto {
  @Text({ max: 4096, example: 'f1ab0c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f809' })
  readonly token!: string;

  @Choice(TYPES)
  readonly type!: (typeof TYPES)[number];

  @Text({ name: 'device_id', max: 255, example: 'phone-1', description: 'Registered again, it has the new token.' })
  readonly deviceId!: string;

  @Text({
    name: 'apns_bundle_id',
    max: 255,
    optional: true,
    example: 'com.example.chat',
    description: 'The app, where it is not that of the credentials.',
  })
  readonly apnsBundleId?: string | null;

  @Text({ name: 'gcm_sender_id', max: 255, optional: true, description: 'Not needed here.' })
  readonly gcmSenderId?: string | null;
}
