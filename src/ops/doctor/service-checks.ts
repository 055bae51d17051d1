import { createClient } from 'redis';
import type { Config } from '../../config.js';
import { storageOf } from '../../files/files.module.js';
import { SECOND_MS } from '../../platform/common/durations.js';
import { Mailer } from '../../platform/mail/mailer.js';
import { failure, ok, timed, warning, type Check } from './check.js';

const TIMEOUT_MS = 5 * SECOND_MS;

/** Of what the settings name beside the database: whether it is there, and takes what this server is set to say. */
export function serviceChecks(config: Config): Check[] {
  return [
    { name: 'redis', look: () => redis(config) },
    { name: 'files', look: () => files(config) },
    { name: 'mail', look: () => mail(config) },
    { name: 'models', look: () => models(config) },
    ...signIns(config),
  ];
}

async function redis({ redisUrl }: Config) {
  if (redisUrl === undefined) {
    return ok('none (REDIS_URL): each process counts requests by itself');
  }
  const client = createClient({ url: redisUrl, socket: { connectTimeout: TIMEOUT_MS, reconnectStrategy: false } });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return ok(`answers in ${await timed(() => client.ping())} ms`);
  } finally {
    client.destroy();
  }
}

async function files(config: Config) {
  const storage = await storageOf(config);
  const took = await timed(() => storage.probe());
  const where = config.s3 ? `the bucket ${config.s3.bucket}` : config.dataDir;
  return ok(`written, read and deleted in ${where} in ${took} ms`);
}

async function mail(config: Config) {
  if (config.smtpUrl === undefined) {
    return config.production
      ? warning('none (SMTP_URL): users get no mail')
      : ok('none (SMTP_URL): the log shows mails');
  }
  const mailer = new Mailer(config);
  try {
    await mailer.verify();
    return ok(`${new URL(config.smtpUrl).host} takes mails`);
  } finally {
    mailer.onApplicationShutdown();
  }
}

async function models({ ai }: Config) {
  if (ai.baseUrl === undefined) {
    return ok('none (AI_BASE_URL)');
  }
  const headers: Record<string, string> = ai.apiKey === undefined ? {} : { authorization: `Bearer ${ai.apiKey}` };
  const { status } = await fetch(`${ai.baseUrl}/models`, { headers, signal: AbortSignal.timeout(TIMEOUT_MS) });
  const says = `${new URL(ai.baseUrl).host} answers ${status}`;
  return status === 401 || status === 403 ? failure(`${says}: AI_API_KEY is refused`) : ok(says);
}

/** Whether the providers that users sign in by can be reached. */
function signIns({ social }: Config): Check[] {
  const providers = [
    ...(social.google ? [['google', `${social.googleIssuer}/.well-known/openid-configuration`] as const] : []),
    ...(social.microsoft ? [['microsoft', `${social.microsoftIssuer}/.well-known/openid-configuration`] as const] : []),
    ...(social.github ? [['github', social.githubApiUrl] as const] : []),
  ];
  return providers.map(([provider, url]) => ({
    name: `sign-in by ${provider}`,
    look: async () => {
      const { ok: isFine, status } = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
      const says = `${new URL(url).host} answers ${status}`;
      return isFine ? ok(says) : failure(says);
    },
  }));
}
