import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { Expose, plainToInstance, Transform, type ClassConstructor } from 'class-transformer';
import { ValidateNested, validateSync, type ValidationError } from 'class-validator';
import {
  Address,
  both,
  Certificates,
  Check,
  Choice,
  EncryptionKey,
  HTTP,
  InRange,
  Integer,
  integerOr,
  Mailbox,
  MailDomain,
  NameServers,
  OAuthCredentials,
  Origins,
  POSTGRES,
  Proxies,
  Rate,
  REDIS,
  Secret,
  Setting,
  settingNames,
  Site,
  SMTP,
  Switch,
  type Settings,
} from './settings.js';

/** The start must stop with this one line: a setting has a value that can't be used. */
export class ConfigError extends Error {}

export const LOG_LEVELS = ['error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export const ROLES = ['all', 'web', 'worker'] as const;
export type Role = (typeof ROLES)[number];

/** Where the providers of notifications are, for tests and proxies; absent, where they are. Never a client's to say. */
export class PushSettings {
  @Site('APNS_URL') readonly apnsUrl: string | undefined;
  /** A file with the certificates to trust there. */
  @Certificates('APNS_CA') readonly apnsCa: string | undefined;
  @Site('FCM_URL') readonly fcmUrl: string | undefined;
  @Address('FCM_TOKEN_URL', HTTP) readonly fcmTokenUrl: string | undefined;
}

/** How mails of strangers come in. */
export class InboundMailSettings {
  /** The domain whose mails come to this server. Absent: answers go to the mailboxes of the accounts. */
  @MailDomain('INBOUND_MAIL_DOMAIN') readonly domain: string | undefined;
  /** Where it listens for them by SMTP; 0: nowhere. */
  @Integer('SMTP_PORT', { min: 0, max: 65_535, otherwise: 0 }) readonly port!: number;
  /** Signs what addresses say; 32 bytes. Absent: outside production a secret under `dataDir` does. */
  @EncryptionKey('TRACKING_SECRET') readonly secret: Buffer | undefined;
  /** What was signed before `secret` took its place. */
  @EncryptionKey('TRACKING_SECRET_PREVIOUS') readonly previousSecret: Buffer | undefined;
}

/** What a provider of sign-ins knows this server by. */
export interface OAuthClient {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** By whose accounts users sign in, and where those providers are. */
export class SocialSettings {
  @OAuthCredentials('GOOGLE') readonly google: OAuthClient | undefined;
  @OAuthCredentials('MICROSOFT') readonly microsoft: OAuthClient | undefined;
  @OAuthCredentials('GITHUB') readonly github: OAuthClient | undefined;
  @Site('GOOGLE_ISSUER', 'https://accounts.google.com') readonly googleIssuer!: string;
  /** Of everybody's; with the id of a tenant in place of `common`, of that one only. */
  @Site('MICROSOFT_ISSUER', 'https://login.microsoftonline.com/common/v2.0') readonly microsoftIssuer!: string;
  @Site('GITHUB_URL', 'https://github.com') readonly githubUrl!: string;
  @Site('GITHUB_API_URL', 'https://api.github.com') readonly githubApiUrl!: string;
}

/** The models that workspaces without a provider of their own write by, and what bounds every one. */
export class AiSettings {
  /** Of an OpenAI-compatible API, such as https://api.openai.com/v1. The operator chose it: it may be inside. */
  @Site('AI_BASE_URL') readonly baseUrl: string | undefined;
  @Setting('AI_API_KEY') readonly apiKey: string | undefined;
  @Setting('AI_CHAT_MODEL') readonly chatModel: string | undefined;
  @Setting('AI_EMBEDDING_MODEL') readonly embeddingModel: string | undefined;
  /** Millionths of a unit of money for a million tokens. */
  @Integer('AI_INPUT_PRICE', { min: 0, max: 999_999_999, otherwise: 0 }) readonly inputPrice!: number;
  @Integer('AI_OUTPUT_PRICE', { min: 0, max: 999_999_999, otherwise: 0 }) readonly outputPrice!: number;
  @Integer('AI_EMBEDDING_PRICE', { min: 0, max: 999_999_999, otherwise: 0 }) readonly embeddingPrice!: number;
  /** Of each workspace that writes by them, a month; 0: as many as it likes. */
  @Integer('AI_MONTHLY_TOKEN_LIMIT', { min: 0, max: 999_999_999, otherwise: 0 }) readonly monthlyTokenLimit!: number;
  /** Seconds that any provider has for an answer, tries included. */
  @Integer('AI_TIMEOUT', { min: 1, max: 300, otherwise: 30 }) readonly timeout!: number;
  /** Whether what is said to providers, and what they answer, stands in the log. */
  @Switch('AI_LOG', 'off') readonly log!: boolean;
}

/** Sockets that this process holds at most. However it is set, one client leaves half of the places to the others. */
export class SocketLimits {
  @Integer('MAX_SOCKETS', { min: 2, max: 1_000_000, otherwise: 10_000 }) readonly total!: number;
  @Setting('SOCKETS_PER_CLIENT', (value, { MAX_SOCKETS }) => integerOr(half(Number(MAX_SOCKETS ?? 10_000)))(value))
  @InRange<SocketLimits>('SOCKETS_PER_CLIENT', 1, ({ total }) => half(total))
  readonly perClient!: number;
  /** Of IPv6, per /64. */
  @Integer('SOCKETS_PER_ADDRESS', { min: 1, max: 1_000_000, otherwise: 1_000 }) readonly perAddress!: number;
}

export class S3Settings {
  @Setting('S3_BUCKET') readonly bucket!: string;
  @Setting('S3_REGION', (value) => value ?? 'us-east-1') readonly region!: string;
  /** Absent: Amazon's. */
  @Site('S3_ENDPOINT') readonly endpoint: string | undefined;
  /** Absent: whatever the machine's role or the SDK's own settings give. */
  @Setting('S3_ACCESS_KEY_ID', (id, all) => credentialsOf(id, all.S3_SECRET_ACCESS_KEY), 'S3_SECRET_ACCESS_KEY')
  @Check((value) => value !== null, 'S3_SECRET_ACCESS_KEY must be set together with S3_ACCESS_KEY_ID, or neither.')
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined;
}

/** Every setting, typed and checked. */
export class Config {
  @Setting('NODE_ENV', (value) => value === 'production') readonly production!: boolean;
  /** Whether `/demo` is served: to everybody, to callers on this machine, or not at all. Whoever opens it may be anybody in it. */
  @Choice('DEMO', ['on', 'local', 'off'], isForTrying) readonly demo!: 'on' | 'local' | 'off';
  /** Where to listen; undefined is every address of the machine. */
  @Setting('HOST') readonly host: string | undefined;
  @Integer('PORT', { min: 0, max: 65_535, otherwise: 3000 }) readonly port!: number;
  /** What callers see in front of this server's paths; absent, each sees what it asked. */
  @Site('PUBLIC_URL') readonly publicUrl: string | undefined;
  /** Absent: a private PostgreSQL under `dataDir` is started. */
  @Address('DATABASE_URL', POSTGRES) readonly databaseUrl: string | undefined;
  @Integer('DATABASE_POOL', { min: 2, max: 500, otherwise: 16 }) readonly databasePool!: number;
  /** Messages of one client that share a statement at most; 1: none does. */
  @Integer('SEND_BATCH', { min: 1, max: 64, otherwise: 64 }) readonly sendBatch!: number;
  /** Past a PgBouncer, where there is one: LISTEN and the job queue need a connection of their own. */
  @Address('DATABASE_DIRECT_URL', POSTGRES, (value, { DATABASE_URL }) => value ?? DATABASE_URL)
  readonly databaseDirectUrl: string | undefined;
  @Setting('DATA_DIR', (value) => resolve(value ?? '.data')) readonly dataDir!: string;
  /** Signs the addresses of files; absent, a secret under `dataDir` does. */
  @Secret('FILES_SECRET') readonly filesSecret: string | undefined;
  /** Absent: files are kept under `dataDir`. */
  @Part(s3Of)
  @Check((s3) => typeof s3 !== 'string', ({ value }) => `S3_BUCKET must be set, because ${value} is.`)
  readonly s3: S3Settings | undefined;
  /** Encrypts what clients entrust to us; 32 bytes. Absent: outside production a key under `dataDir` does. */
  @EncryptionKey('SECRETS_KEY') readonly secretsKey: Buffer | undefined;
  /** Opens what was encrypted before `secretsKey` took its place. */
  @EncryptionKey('SECRETS_KEY_PREVIOUS') readonly secretsKeyPrevious: Buffer | undefined;
  @Part((all) => read(PushSettings, all)) readonly push!: PushSettings;
  /** Where Twilio is, for tests and proxies; absent, where it is. Never a workspace's to say. */
  @Site('TWILIO_URL') readonly twilioUrl: string | undefined;
  /** The same of Telnyx. */
  @Site('TELNYX_URL') readonly telnyxUrl: string | undefined;
  /** Whether the start brings the schema up to date; off where a deploy step does it. */
  @Switch('MIGRATE', 'on') readonly migrate!: boolean;
  @Secret('ADMIN_KEY') readonly adminKey: string | undefined;
  /** Answers requests and sockets, runs jobs, or both. */
  @Choice('ROLE', ROLES, 'all') readonly role!: Role;
  /** Carries signals between processes, and counts requests for all of them. */
  @Address('REDIS_URL', REDIS) readonly redisUrl: string | undefined;
  @Part((all) => read(SocketLimits, all)) readonly sockets!: SocketLimits;
  /** Asked for the names in addresses that clients chose; absent, the system's. */
  @NameServers('DNS_SERVERS') readonly dnsServers: readonly string[] | undefined;
  @Proxies('TRUST_PROXY') readonly trustProxy!: false | number | readonly string[];
  /** Requests per second of one secret key; false is no limit at all. */
  @Rate('RATE_LIMIT', 100) readonly rateLimit!: number | false;
  /** Of all keys and sessions of one client together. */
  @Rate('CLIENT_RATE_LIMIT', 1_000) readonly clientRateLimit!: number | false;
  /** A minute, of one secret key at `/api/messages`. */
  @Rate('MESSAGES_RATE_LIMIT', 100) readonly messagesRateLimit!: number | false;
  /** A minute, of all sessions of one user. */
  @Rate('UI_RATE_LIMIT', 1_000) readonly uiRateLimit!: number | false;
  /** A minute, of all sessions and personal tokens of one user in the engagement API. */
  @Rate('LIMIT_API', 60) readonly limitApi!: number | false;
  /** Imports and exports a minute, of one user or key. */
  @Rate('LIMIT_IMPORT_EXPORT', 5) readonly limitImportExport!: number | false;
  /** Campaigns sent or tested a minute, by one user or key. */
  @Rate('LIMIT_CAMPAIGN_SEND', 5) readonly limitCampaignSend!: number | false;
  /** Conversations begun a minute by one session of a customer. */
  @Rate('LIMIT_LIVE_CHAT', 10) readonly limitLiveChat!: number | false;
  /** Pages read a minute for a knowledge base, by one user or key. */
  @Rate('LIMIT_KB_SCRAPE', 3) readonly limitKbScrape!: number | false;
  /** Replies and texts a minute that a model is asked for by one user or key. */
  @Rate('LIMIT_AI_REPLY', 10) readonly limitAiReply!: number | false;
  @Rate('LIMIT_AI_SENTIMENT', 20) readonly limitAiSentiment!: number | false;
  /** What the mails of campaigns fetch a second, and the links that are followed, of one address. */
  @Rate('LIMIT_TRACKING', 100) readonly limitTracking!: number | false;
  /** Pages to unsubscribe a minute, of one address. */
  @Rate('LIMIT_UNSUBSCRIBE', 60) readonly limitUnsubscribe!: number | false;
  /** Whether anybody may become a user, or who was invited, or nobody. */
  @Choice('SIGNUP', ['open', 'invite', 'off'], ({ NODE_ENV }) => (NODE_ENV === 'production' ? 'invite' : 'open'))
  readonly signup!: 'open' | 'invite' | 'off';
  /** Takes the mails to users. Absent: the log shows them, but for production, where none can be sent. */
  @Address('SMTP_URL', SMTP) readonly smtpUrl: string | undefined;
  /** Whom mails come from; absent, no-reply at the host of PUBLIC_URL. */
  @Mailbox('MAIL_FROM') readonly mailFrom: string | undefined;
  @Part((all) => read(InboundMailSettings, all)) readonly inboundMail!: InboundMailSettings;
  @Part((all) => read(SocialSettings, all)) readonly social!: SocialSettings;
  @Part((all) => read(AiSettings, all)) readonly ai!: AiSettings;
  /** Who makes workspaces: every user, or the operator alone. */
  @Choice('WORKSPACES', ['users', 'operator'], isForSignUp) readonly workspaces!: 'users' | 'operator';
  /** Whose pages may ask for users, beside those of this server. */
  @Origins('UI_ORIGINS') readonly uiOrigins!: readonly string[];
  // What Nest calls "log" was the word for it once.
  @Choice('LOG_LEVEL', LOG_LEVELS, 'warn', (value) => value?.replace(/^log$/, 'info')) readonly logLevel!: LogLevel;
  /** Where `GET /metrics` is answered; 0: nowhere. */
  @Integer('METRICS_PORT', { min: 0, max: 65_535, otherwise: 0 }) readonly metricsPort!: number;
  /** Seconds to keep accepting after SIGTERM, while a load balancer takes this replica out. */
  @Integer('SHUTDOWN_DELAY', { min: 0, max: 300, otherwise: 0 }) readonly shutdownDelay!: number;
}

/** Reads `.env` where there is one; what the environment already says wins. */
export function loadEnvironment(): Settings {
  if (existsSync('.env')) {
    process.loadEnvFile('.env');
  }
  return process.env;
}

/** @throws ConfigError naming the first setting that can't be used. */
export function loadConfig(env: Settings = loadEnvironment()): Config {
  const settings = Object.fromEntries([...settingNames].map((name) => [name, env[name]?.trim() || undefined]));
  const config = read(Config, settings);
  const [problem] = validateSync(config).flatMap(problemsIn);
  if (problem !== undefined) {
    throw new ConfigError(problem);
  }
  return config;
}

function read<T>(part: ClassConstructor<T>, settings: Settings): T {
  return plainToInstance(part, settings, { strategy: 'excludeAll' });
}

/** A property that is made of several settings, with checks of its own. */
function Part(readAll: (settings: Settings) => unknown): PropertyDecorator {
  return both(
    Expose(),
    Transform(({ obj }) => readAll(obj as Settings)),
    ValidateNested(),
  );
}

function problemsIn({ constraints = {}, children = [] }: ValidationError): string[] {
  return [...Object.values(constraints), ...children.flatMap(problemsIn)];
}

/** It is for those who try this out, on a database of its own. */
function isForTrying({ NODE_ENV, DATABASE_URL }: Settings): string {
  return NODE_ENV === 'production' || DATABASE_URL !== undefined ? 'off' : 'local';
}

/** Where everybody may sign up, everybody may make one. */
function isForSignUp({ SIGNUP, NODE_ENV }: Settings): string {
  return (SIGNUP ?? (NODE_ENV === 'production' ? 'invite' : 'open')) === 'open' ? 'users' : 'operator';
}

const half = (total: number): number => Math.floor(total / 2);

/** The name of another setting, where there is no bucket for it. */
function s3Of(all: Settings): S3Settings | string | undefined {
  const others = ['S3_REGION', 'S3_ENDPOINT', 'S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY'];
  return all.S3_BUCKET === undefined ? others.find((name) => all[name] !== undefined) : read(S3Settings, all);
}

/** Null where one is missing. */
function credentialsOf(accessKeyId: string | undefined, secretAccessKey: string | undefined) {
  if (accessKeyId === undefined || secretAccessKey === undefined) {
    return accessKeyId === secretAccessKey ? undefined : null;
  }
  return { accessKeyId, secretAccessKey };
}
