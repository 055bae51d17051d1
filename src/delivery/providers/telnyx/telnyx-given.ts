import { InvalidInput } from '../../../platform/common/errors/refusal.js';
import type { ProviderSettings } from '../provider.js';
import { publicKeyIn } from './telnyx-key.js';

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** @throws InvalidInput */
export function settingsOfTelnyx(settings: ProviderSettings): ProviderSettings {
  const { apiKey, publicKey, messagingProfileId } = settings;
  if (!/^[\x21-\x7e]+$/.test(String(apiKey))) {
    throw new InvalidInput({ apiKey: ['The apiKey field must be a key of Telnyx.'] });
  }
  if (publicKeyIn(String(publicKey)) === null) {
    throw new InvalidInput({ publicKey: ['The publicKey field must be an Ed25519 key: 32 bytes in base64.'] });
  }
  if (messagingProfileId !== undefined && !UUID.test(String(messagingProfileId))) {
    throw new InvalidInput({ messagingProfileId: ['The messagingProfileId field must be a UUID.'] });
  }
  return settings;
}
