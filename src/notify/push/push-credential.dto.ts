import { ApiSchema } from '@nestjs/swagger';
import { createPrivateKey } from 'node:crypto';
import { field, type Problem } from '../../platform/common/fields/field.js';
import { Flag, Text } from '../../platform/common/fields/fields.js';
import { Livemode, ObjectType, RequestSchema, Shown, ShownTime } from '../../platform/common/openapi/shown.js';
import type { ProviderCredentials } from './provider-credentials.js';
import { PROVIDERS, type Provider } from './device.entity.js';

/** A key as a file has it is far smaller. */
const MAX_PEM = 10_000;

/** A text that looks like this. */
function Shaped(
  name: string,
  pattern: RegExp,
  { says, example, description }: { readonly says: string; readonly example: string; readonly description: string },
): PropertyDecorator {
  return field({
    name,
    check: (value) => (typeof value === 'string' && pattern.test(value) ? null : { says }),
    schema: { type: String, pattern: pattern.source, example, description },
  });
}

function isPrivateKey(pem: unknown, type: 'ec' | 'rsa'): boolean {
  if (typeof pem !== 'string' || pem.length > MAX_PEM) {
    return false;
  }
  try {
    const { asymmetricKeyType, asymmetricKeyDetails } = createPrivateKey(pem);
    return asymmetricKeyType === type && (type === 'rsa' || asymmetricKeyDetails?.namedCurve === 'prime256v1');
  } catch {
    return false;
  }
}

const TEN = /^[A-Z0-9]{10}$/;
const TEN_SAYS = 'must be 10 letters and digits, as Apple shows it.';

@RequestSchema('Credentials for the Apple Push Notification service.')
export class ApnsCredentialsDto {
  @field({
    check: (value) =>
      isPrivateKey(value, 'ec') ? null : { says: 'must be a private key of P-256 in PEM, as Apple’s .p8 file has it.' },
    schema: {
      type: String,
      maxLength: MAX_PEM,
      example: '-----BEGIN PRIVATE KEY-----\n…',
      description: 'The private key, as Apple’s .p8 file has it.',
    },
  })
  readonly key!: string;

  @Shaped('key_id', TEN, {
    says: TEN_SAYS,
    example: 'ABC123DEFG',
    description: 'The id of the key, as Apple shows it.',
  })
  readonly keyId!: string;

  @Shaped('team_id', TEN, {
    says: TEN_SAYS,
    example: 'DEF123GHIJ',
    description: 'The id of your team, as Apple shows it.',
  })
  readonly teamId!: string;

  @Text({ name: 'bundle_id', max: 255, example: 'com.example.chat', description: 'The bundle id of the app.' })
  readonly bundleId!: string;

  @Flag({
    example: true,
    description: 'True for Apple’s production service; false for its sandbox, which development builds use.',
  })
  readonly production!: boolean;
}

/** Of a service account's file, which holds more: of that nothing is kept. */
function readServiceAccount(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return value;
  }
  const { project_id, client_email, private_key } = value as Record<string, unknown>;
  return { projectId: project_id, clientEmail: client_email, privateKey: private_key };
}

function checkServiceAccount(value: unknown): Problem {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { says: 'must be an object.' };
  }
  const { projectId, clientEmail, privateKey } = value as Record<string, unknown>;
  if (typeof projectId !== 'string' || !/^[a-z\d.:-]{1,100}$/.test(projectId)) {
    return { at: 'project_id', says: 'must be the id of a project.' };
  }
  if (typeof clientEmail !== 'string' || !/^[!-~]{1,200}@[!-~]{1,200}$/.test(clientEmail)) {
    return { at: 'client_email', says: 'must be an e-mail address.' };
  }
  return isPrivateKey(privateKey, 'rsa') ? null : { at: 'private_key', says: 'must be a private key of RSA in PEM.' };
}

@RequestSchema('Credentials for Firebase Cloud Messaging.')
export class FcmCredentialsDto {
  @field({
    name: 'service_account',
    read: readServiceAccount,
    check: checkServiceAccount,
    schema: {
      type: 'object',
      additionalProperties: true,
      example: {
        project_id: 'example-chat',
        client_email: 'firebase-adminsdk@example-chat.iam.gserviceaccount.com',
        private_key: '-----BEGIN PRIVATE KEY-----\n…',
      },
      description: 'The JSON of the service account’s key file; only the three fields in the example are kept.',
    },
  })
  readonly serviceAccount!: ProviderCredentials['fcm'];
}

@RequestSchema('Credentials for Web Push (VAPID).')
export class WebPushCredentialsDto {
  @Shaped('subject', /^(mailto:[!-~]{1,255}|https:\/\/[!-~]{1,255})$/, {
    says: 'must begin with mailto: or https://.',
    example: 'mailto:push@example.com',
    description: 'A `mailto:` or `https:` address where push services can reach you.',
  })
  readonly subject!: string;

  @Shaped('public_key', /^B[\w-]{86}$/, {
    says: 'must be a public VAPID key, 65 bytes in base64url.',
    example: 'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4',
    description: 'The public VAPID key, which your pages subscribe with, in base64url.',
  })
  readonly publicKey!: string;

  @Shaped('private_key', /^[\w-]{43}$/, {
    says: 'must be a private VAPID key, 32 bytes in base64url.',
    example: 'q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94',
    description: 'The private VAPID key, in base64url.',
  })
  readonly privateKey!: string;
}

@ApiSchema({ description: 'A provider that has credentials.' })
export class PushCredentialDto {
  @ObjectType('push_credential')
  readonly object!: 'push_credential';

  @Shown({ enum: [...PROVIDERS], type: String, example: 'apns', description: 'The provider the credentials are for.' })
  readonly provider!: Provider;

  @ShownTime({ description: 'When the credentials were last set.' })
  readonly updated!: number;

  @Livemode()
  readonly livemode!: boolean;
}
