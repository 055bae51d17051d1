import type { Config } from '../../config.js';
import { ok, warning, type Check } from './check.js';

/** Of the settings by themselves: each is valid, or the configuration would not have been read. */
export function settingChecks(config: Config): Check[] {
  return [
    { name: 'secrets', look: () => Promise.resolve(secrets(config)) },
    { name: 'proxies', look: () => Promise.resolve(proxies(config)) },
  ];
}

function secrets({ production, secretsKey, inboundMail, filesSecret, s3, secretsKeyPrevious }: Config) {
  if (!production) {
    return ok('those that are not set are made under DATA_DIR');
  }
  const missing = [
    ...(secretsKey ? [] : ['SECRETS_KEY: no credentials are taken']),
    ...(inboundMail.secret ? [] : ['TRACKING_SECRET: workspaces send no mails']),
    ...(filesSecret !== undefined || s3 ? [] : ['FILES_SECRET: each DATA_DIR has its own']),
  ];
  if (missing.length > 0) {
    return warning(`not set: ${missing.join(', ')}`);
  }
  return secretsKeyPrevious
    ? warning('all set; SECRETS_KEY_PREVIOUS can go when nothing is sealed by it any more')
    : ok('all set');
}

function proxies({ production, publicUrl, trustProxy }: Config) {
  if (publicUrl === undefined) {
    return production ? warning('PUBLIC_URL is not set: links in mails lead to localhost') : ok('no PUBLIC_URL');
  }
  if (production && !publicUrl.startsWith('https://')) {
    return warning('PUBLIC_URL is not https: keys and tokens can be read on the way');
  }
  return publicUrl.startsWith('https://') && trustProxy === false
    ? warning('TRUST_PROXY is off: all callers have the address of what ends TLS, and share its limits')
    : ok(`PUBLIC_URL is ${new URL(publicUrl).origin}`);
}
