import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { ConfigError, loadConfig } from './config.js';

const KEY = 'k'.repeat(32);
const folder = mkdtempSync(join(tmpdir(), 'parlance-config-'));
afterAll(() => rmSync(folder, { recursive: true }));
const CERTIFICATE = join(folder, 'ca.pem');
writeFileSync(CERTIFICATE, '-----BEGIN CERTIFICATE-----\n');

const PUSH = {
  APNS_URL: 'https://apns.example.com',
  APNS_CA: CERTIFICATE,
  FCM_URL: 'https://fcm.example.com/',
  FCM_TOKEN_URL: 'https://oauth.example.com/token',
};
const S3 = {
  S3_BUCKET: 'files',
  S3_REGION: 'eu-central-1',
  S3_ENDPOINT: 'https://minio.example.com/',
  S3_ACCESS_KEY_ID: 'access',
  S3_SECRET_ACCESS_KEY: 'secret',
};

const SOCIAL = {
  ...{ GOOGLE_CLIENT_ID: 'g', GOOGLE_CLIENT_SECRET: 'g-secret', GOOGLE_ISSUER: 'https://google.example.com' },
  ...{ MICROSOFT_CLIENT_ID: 'm', MICROSOFT_CLIENT_SECRET: 'm-secret', MICROSOFT_ISSUER: 'https://ms.example.com/v2.0' },
  ...{ GITHUB_CLIENT_ID: 'h', GITHUB_CLIENT_SECRET: 'h-secret', GITHUB_URL: 'https://hub.example.com/' },
  GITHUB_API_URL: 'https://api.hub.example.com',
};

const AI = {
  ...{ AI_BASE_URL: 'https://models.example.com/v1/', AI_API_KEY: 'sk-1', AI_CHAT_MODEL: 'small', AI_LOG: 'on' },
  ...{ AI_EMBEDDING_MODEL: 'vectors', AI_INPUT_PRICE: '1', AI_OUTPUT_PRICE: '2', AI_EMBEDDING_PRICE: '3' },
  ...{ AI_MONTHLY_TOKEN_LIMIT: '4', AI_TIMEOUT: '5' },
};

describe('loadConfig', () => {
  it('needs nothing', () => {
    expect(loadConfig({})).toEqual({
      production: false,
      demo: 'local',
      host: undefined,
      port: 3000,
      publicUrl: undefined,
      databaseUrl: undefined,
      databasePool: 16,
      sendBatch: 64,
      databaseDirectUrl: undefined,
      dataDir: resolve('.data'),
      filesSecret: undefined,
      s3: undefined,
      ...{ secretsKey: undefined, secretsKeyPrevious: undefined },
      push: { apnsUrl: undefined, apnsCa: undefined, fcmUrl: undefined, fcmTokenUrl: undefined },
      migrate: true,
      role: 'all',
      redisUrl: undefined,
      sockets: { total: 10_000, perClient: 5_000, perAddress: 1_000 },
      adminKey: undefined,
      trustProxy: false,
      ...{ rateLimit: 100, clientRateLimit: 1_000, messagesRateLimit: 100, uiRateLimit: 1_000 },
      ...{ limitApi: 60, limitImportExport: 5, limitLiveChat: 10, limitKbScrape: 3 },
      ...{ limitAiReply: 10, limitAiSentiment: 20, limitCampaignSend: 5 },
      ...{ signup: 'open', smtpUrl: undefined, mailFrom: undefined },
      ...{ limitTracking: 100, limitUnsubscribe: 60, metricsPort: 0 },
      inboundMail: { domain: undefined, port: 0, secret: undefined, previousSecret: undefined },
      social: {
        ...{ google: undefined, microsoft: undefined, github: undefined },
        googleIssuer: 'https://accounts.google.com',
        microsoftIssuer: 'https://login.microsoftonline.com/common/v2.0',
        ...{ githubUrl: 'https://github.com', githubApiUrl: 'https://api.github.com' },
      },
      ai: {
        ...{ baseUrl: undefined, apiKey: undefined, chatModel: undefined, embeddingModel: undefined },
        ...{ inputPrice: 0, outputPrice: 0, embeddingPrice: 0, monthlyTokenLimit: 0, timeout: 30, log: false },
      },
      ...{ workspaces: 'users', uiOrigins: [], logLevel: 'warn', shutdownDelay: 0 },
    });
  });

  it('takes an empty or blank setting for none', () => {
    const names = [
      ...['HOST', 'PORT', 'DATABASE_URL', 'DATABASE_POOL', 'DATABASE_DIRECT_URL', 'SEND_BATCH', 'DATA_DIR', 'MIGRATE'],
      ...['ADMIN_KEY', 'TRUST_PROXY', 'RATE_LIMIT', 'CLIENT_RATE_LIMIT', 'MESSAGES_RATE_LIMIT', 'UI_RATE_LIMIT'],
      ...['LIMIT_API', 'LIMIT_IMPORT_EXPORT', 'LIMIT_LIVE_CHAT', 'LIMIT_KB_SCRAPE'],
      ...['LIMIT_AI_REPLY', 'LIMIT_AI_SENTIMENT', 'LIMIT_CAMPAIGN_SEND'],
      ...['LIMIT_TRACKING', 'LIMIT_UNSUBSCRIBE', 'METRICS_PORT'],
      ...['SIGNUP', 'SMTP_URL', 'MAIL_FROM', 'UI_ORIGINS', 'WORKSPACES', 'LOG_LEVEL', 'SHUTDOWN_DELAY', 'ROLE'],
      ...['REDIS_URL', 'MAX_SOCKETS', 'SOCKETS_PER_CLIENT', 'SOCKETS_PER_ADDRESS', 'TWILIO_URL', 'TELNYX_URL'],
      ...['PUBLIC_URL', 'FILES_SECRET', 'SECRETS_KEY', 'SECRETS_KEY_PREVIOUS'],
      ...['INBOUND_MAIL_DOMAIN', 'SMTP_PORT', 'TRACKING_SECRET', 'TRACKING_SECRET_PREVIOUS'],
      ...Object.keys({ ...S3, ...PUSH, ...SOCIAL, ...AI }),
    ];
    for (const blank of ['', '  ']) {
      expect(loadConfig(Object.fromEntries(names.map((name) => [name, blank])))).toEqual(loadConfig({}));
    }
  });

  it('reads every setting', () => {
    const env = {
      NODE_ENV: 'production',
      DEMO: 'on',
      HOST: '127.0.0.1',
      ...{ PORT: ' 8080 ', METRICS_PORT: '9464' },
      DATABASE_URL: 'postgresql://user:secret@db/parlance',
      DATABASE_POOL: '32',
      SEND_BATCH: '16',
      DATABASE_DIRECT_URL: 'postgres://direct/parlance',
      DATA_DIR: '/var/lib/parlance',
      ROLE: 'web',
      REDIS_URL: 'rediss://redis:6379',
      ...{ MAX_SOCKETS: '50', SOCKETS_PER_CLIENT: '20', SOCKETS_PER_ADDRESS: '10' },
      MIGRATE: 'off',
      ADMIN_KEY: KEY,
      TRUST_PROXY: '10.0.0.0/8, ::1',
      ...{ RATE_LIMIT: '250', CLIENT_RATE_LIMIT: '2500', MESSAGES_RATE_LIMIT: '60', UI_RATE_LIMIT: '600' },
      ...{ LIMIT_API: '90', LIMIT_IMPORT_EXPORT: '6', LIMIT_LIVE_CHAT: 'off', LIMIT_KB_SCRAPE: '4' },
      ...{ LIMIT_AI_REPLY: '7', LIMIT_AI_SENTIMENT: '8', LIMIT_CAMPAIGN_SEND: 'off' },
      ...AI,
      ...{ LIMIT_TRACKING: '200', LIMIT_UNSUBSCRIBE: 'off' },
      WORKSPACES: 'users',
      UI_ORIGINS: 'https://app.example.com, http://localhost:8080',
      SIGNUP: 'invite',
      SMTP_URL: 'smtps://user:password@mail.example.com',
      MAIL_FROM: 'Acme <chat@example.com>',
      LOG_LEVEL: 'debug',
      SHUTDOWN_DELAY: '5',
      PUBLIC_URL: 'https://chat.example.com/',
      FILES_SECRET: KEY,
      SECRETS_KEY: 'ab'.repeat(32),
      SECRETS_KEY_PREVIOUS: 'cd'.repeat(32),
      ...{ INBOUND_MAIL_DOMAIN: 'Mail.example.com', SMTP_PORT: '25', TRACKING_SECRET: '01'.repeat(32) },
      ...S3,
      ...PUSH,
      ...SOCIAL,
      ...{ TWILIO_URL: 'https://twilio.example.com/', TELNYX_URL: 'https://telnyx.example.com' },
    };
    expect(loadConfig(env)).toEqual({
      production: true,
      demo: 'on',
      host: '127.0.0.1',
      port: 8080,
      publicUrl: 'https://chat.example.com',
      databaseUrl: 'postgresql://user:secret@db/parlance',
      databasePool: 32,
      sendBatch: 16,
      databaseDirectUrl: 'postgres://direct/parlance',
      role: 'web',
      redisUrl: 'rediss://redis:6379',
      sockets: { total: 50, perClient: 20, perAddress: 10 },
      dataDir: '/var/lib/parlance',
      filesSecret: KEY,
      s3: {
        bucket: 'files',
        region: 'eu-central-1',
        endpoint: 'https://minio.example.com',
        credentials: { accessKeyId: 'access', secretAccessKey: 'secret' },
      },
      secretsKey: Buffer.alloc(32, 0xab),
      secretsKeyPrevious: Buffer.alloc(32, 0xcd),
      push: {
        apnsUrl: 'https://apns.example.com',
        apnsCa: CERTIFICATE,
        fcmUrl: 'https://fcm.example.com',
        fcmTokenUrl: 'https://oauth.example.com/token',
      },
      migrate: false,
      adminKey: KEY,
      trustProxy: ['10.0.0.0/8', '::1'],
      ...{ rateLimit: 250, clientRateLimit: 2_500, messagesRateLimit: 60, uiRateLimit: 600 },
      ...{ limitApi: 90, limitImportExport: 6, limitLiveChat: false, limitKbScrape: 4 },
      ...{ limitAiReply: 7, limitAiSentiment: 8, limitCampaignSend: false },
      ai: {
        ...{ baseUrl: 'https://models.example.com/v1', apiKey: 'sk-1', chatModel: 'small', embeddingModel: 'vectors' },
        ...{ inputPrice: 1, outputPrice: 2, embeddingPrice: 3, monthlyTokenLimit: 4, timeout: 5, log: true },
      },
      ...{ limitTracking: 200, limitUnsubscribe: false },
      workspaces: 'users',
      uiOrigins: ['https://app.example.com', 'http://localhost:8080'],
      signup: 'invite',
      smtpUrl: 'smtps://user:password@mail.example.com',
      mailFrom: 'Acme <chat@example.com>',
      inboundMail: { domain: 'mail.example.com', port: 25, secret: Buffer.alloc(32, 1), previousSecret: undefined },
      social: {
        google: { clientId: 'g', clientSecret: 'g-secret' },
        googleIssuer: 'https://google.example.com',
        microsoft: { clientId: 'm', clientSecret: 'm-secret' },
        microsoftIssuer: 'https://ms.example.com/v2.0',
        github: { clientId: 'h', clientSecret: 'h-secret' },
        ...{ githubUrl: 'https://hub.example.com', githubApiUrl: 'https://api.hub.example.com' },
      },
      ...{ twilioUrl: 'https://twilio.example.com', telnyxUrl: 'https://telnyx.example.com' },
      logLevel: 'debug',
      ...{ metricsPort: 9464, shutdownDelay: 5 },
    });
  });

  it.each<[string, string, object]>([
    ['PORT', '0', { port: 0 }],
    ['PORT', '65535', { port: 65_535 }],
    [
      'DATABASE_URL',
      'postgres://db/parlance',
      { databaseUrl: 'postgres://db/parlance', databaseDirectUrl: 'postgres://db/parlance', demo: 'off' },
    ],
    ['DATABASE_POOL', '2', { databasePool: 2 }],
    ['DATABASE_POOL', '500', { databasePool: 500 }],
    ['SEND_BATCH', '1', { sendBatch: 1 }],
    ['DATA_DIR', 'here', { dataDir: resolve('here') }],
    ['MIGRATE', 'on', { migrate: true }],
    ['SECRETS_KEY', Buffer.alloc(32, 0xfe).toString('base64'), { secretsKey: Buffer.alloc(32, 0xfe) }],
    ['DNS_SERVERS', '10.0.0.53, [::1]:5353', { dnsServers: ['10.0.0.53', '[::1]:5353'] }],
    ['DNS_SERVERS', '127.0.0.1:5353,::1', { dnsServers: ['127.0.0.1:5353', '::1'] }],
    ['TRUST_PROXY', 'off', { trustProxy: false }],
    ['TRUST_PROXY', '1', { trustProxy: 1 }],
    ['TRUST_PROXY', '99', { trustProxy: 99 }],
    ['TRUST_PROXY', '192.0.2.1', { trustProxy: ['192.0.2.1'] }],
    ['RATE_LIMIT', 'off', { rateLimit: false }],
    ['CLIENT_RATE_LIMIT', 'off', { clientRateLimit: false }],
    ['RATE_LIMIT', '1', { rateLimit: 1 }],
    ['RATE_LIMIT', '1000000', { rateLimit: 1_000_000 }],
    ['LOG_LEVEL', 'error', { logLevel: 'error' }],
    ['LOG_LEVEL', 'info', { logLevel: 'info' }],
    ['LOG_LEVEL', 'log', { logLevel: 'info' }],
    ['SHUTDOWN_DELAY', '300', { shutdownDelay: 300 }],
    ['NODE_ENV', 'development', { production: false }],
    ['NODE_ENV', 'production', { production: true, demo: 'off', signup: 'invite', workspaces: 'operator' }],
    ['DEMO', 'off', { demo: 'off' }],
  ])('takes %s=%s', (name, value, part) => {
    expect(loadConfig({ [name]: value })).toEqual({ ...loadConfig({}), ...part });
  });

  it.each<[string, readonly string[]]>([
    ['METRICS_PORT', ['x', '-1', '65536']],
    ['PORT', ['x', '-1', '65536', '3000.5', '0x10', '1e3', '９']],
    ['DATABASE_URL', ['x', 'mysql://db/parlance', 'http://db', '/var/run/postgres', 'db:5432']],
    ['DATABASE_POOL', ['0', '1', '501', 'many']],
    ['SEND_BATCH', ['0', '65', 'off']],
    ['MIGRATE', ['yes', 'true', 'ON', '1']],
    ['ADMIN_KEY', ['short', 'k'.repeat(31)]],
    ['FILES_SECRET', ['short', 'k'.repeat(31)]],
    ['SECRETS_KEY_PREVIOUS', ['short']],
    ['SECRETS_KEY', ['short', 'ab'.repeat(31), 'xy'.repeat(32), 'k'.repeat(45)]],
    ['APNS_URL', ['api.push.apple.com', 'ftp://apple']],
    ['APNS_CA', ['/nowhere/ca.pem', '/proc', '/proc/version']],
    ['DEMO', ['yes', 'true']],
    ['FCM_TOKEN_URL', ['oauth2']],
    ['PUBLIC_URL', ['chat.example.com', 'ftp://chat.example.com']],
    ['DNS_SERVERS', ['dns.example', '10.0.0.53:0', '10.0.0.53:65536', '10.0.0.53:x', '10.0.0.53,', '[::1', '1.2.3']],
    ['TRUST_PROXY', ['true', '0', '-1', '100', 'proxy.example', '10.0.0.0/8,x', '10.0.0.1,']],
    // These Express refuses, or takes for everybody.
    ['TRUST_PROXY', ['10.0.0.0/33', '::1/129', '0.0.0.0/0', '::/0', '10.0.0.0/', '10.0.0.0/8/8']],
    ['SIGNUP', ['closed']],
    ['SMTP_URL', ['mail.example.com', 'http://mail.example.com']],
    ['MAIL_FROM', ['chat', 'Acme <chat>', 'a@example.com, b@example.com']],
    ['UI_ORIGINS', ['app.example.com', 'https://app.example.com/', 'https://app.example.com, *']],
    ['RATE_LIMIT', ['0', '-1', '1000001', 'on', 'false']],
    ['LOG_LEVEL', ['verbose', 'ERROR', 'warning']],
    ['SHUTDOWN_DELAY', ['-1', '301', '5s']],
  ])('names %s when it can not be used', (name, values) => {
    for (const value of values) {
      const load = (): unknown => loadConfig({ [name]: value });
      expect(load).toThrow(ConfigError);
      expect(load).toThrow(new RegExp(`^${name} must `));
    }
  });

  it('takes S3 as a whole or not at all', () => {
    const { S3_BUCKET, ...others } = S3;
    expect(loadConfig({ S3_BUCKET }).s3).toEqual({
      bucket: 'files',
      region: 'us-east-1',
      endpoint: undefined,
      credentials: undefined,
    });
    for (const [name, value] of Object.entries(others)) {
      expect(() => loadConfig({ [name]: value })).toThrow(`S3_BUCKET must be set, because ${name} is.`);
    }
    for (const name of ['S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY']) {
      expect(() => loadConfig({ ...S3, [name]: '' })).toThrow(/^S3_SECRET_ACCESS_KEY must be set together/);
    }
    expect(() => loadConfig({ ...S3, S3_ENDPOINT: 'minio:9000' })).toThrow(/^S3_ENDPOINT must be/);
  });

  it('takes the two credentials of a sign-in provider together', () => {
    const both = { GITHUB_CLIENT_ID: 'id', GITHUB_CLIENT_SECRET: 'secret' };
    expect(loadConfig(both).social).toMatchObject({ github: { clientId: 'id', clientSecret: 'secret' } });
    for (const name of Object.keys(both)) {
      expect(() => loadConfig({ ...both, [name]: '' })).toThrow(/^GITHUB_CLIENT_SECRET must be set together/);
    }
  });

  it('shows neither the admin key nor the password of the database', () => {
    expect(() => loadConfig({ ADMIN_KEY: 'hunter2' })).toThrow(/^(?!.*hunter2)/);
    expect(() => loadConfig({ DATABASE_URL: 'mysql://root:hunter2@db' })).toThrow(/^(?!.*hunter2)/);
  });
});
