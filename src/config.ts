import { existsSync, readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { resolve } from 'node:path';

/** The start must stop with this one line: a setting has a value that can't be used. */
export class ConfigError extends Error {}

export const LOG_LEVELS = ['error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export const ROLES = ['all', 'web', 'worker'] as const;
export type Role = (typeof ROLES)[number];

export interface Config {
  readonly production: boolean;
  /** Whether `/demo` is served: to everybody, to callers on this machine, or not at all. */
  readonly demo: 'on' | 'local' | 'off';
  /** Where to listen; undefined is every address of the machine. */
  readonly host: string | undefined;
  readonly port: number;
  /** What callers see in front of this server's paths; absent, each sees what it asked. */
  readonly publicUrl: string | undefined;
  /** Absent: a private PostgreSQL under `dataDir` is started. */
  readonly databaseUrl: string | undefined;
  readonly databasePool: number;
  /** Past a PgBouncer, where there is one: LISTEN and the job queue need a connection of their own. */
  readonly databaseDirectUrl: string | undefined;
  readonly dataDir: string;
  /** Signs the addresses of files; absent, a secret under `dataDir` does. */
  readonly filesSecret: string | undefined;
  /** Absent: files are kept under `dataDir`. */
  readonly s3: S3Settings | undefined;
  /** Encrypts what clients entrust to us; 32 bytes. Absent: outside production a key under `dataDir` does. */
  readonly secretsKey: Buffer | undefined;
  /** Opens what was encrypted before `secretsKey` took its place. */
  readonly secretsKeyPrevious: Buffer | undefined;
  readonly push: PushSettings;
  /** Whether the start brings the schema up to date; off where a deploy step does it. */
  readonly migrate: boolean;
  readonly adminKey: string | undefined;
  /** Answers requests and sockets, runs jobs, or both. */
  readonly role: Role;
  /** Carries signals between processes, and counts requests for all of them. */
  readonly redisUrl: string | undefined;
  /** Sockets that this process holds at most: in all, of one client, and of one address. */
  readonly sockets: { readonly total: number; readonly perClient: number; readonly perAddress: number };
  /** Asked for the names in addresses that clients chose; absent, the system's. */
  readonly dnsServers: readonly string[] | undefined;
  readonly trustProxy: false | number | readonly string[];
  /** Requests per second of one secret key; false is no limit at all. */
  readonly rateLimit: number | false;
  /** Of all keys and sessions of one client together. */
  readonly clientRateLimit: number | false;
  readonly logLevel: LogLevel;
  /** Seconds to keep accepting after SIGTERM, while a load balancer takes this replica out. */
  readonly shutdownDelay: number;
}

export interface S3Settings {
  readonly bucket: string;
  readonly region: string;
  /** Absent: Amazon's. */
  readonly endpoint: string | undefined;
  /** Absent: whatever the machine's role or the SDK's own settings give. */
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined;
}

/** Where the providers of notifications are, for tests and proxies; absent, where they are. */
export interface PushSettings {
  readonly apnsUrl: string | undefined;
  /** A file with the certificates to trust there. */
  readonly apnsCa: string | undefined;
  readonly fcmUrl: string | undefined;
  readonly fcmTokenUrl: string | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;
type Setting = (name: string) => string | undefined;

/** Reads `.env` where there is one; what the environment already says wins. */
export function loadEnvironment(): Environment {
  if (existsSync('.env')) {
    process.loadEnvFile('.env');
  }
  return process.env;
}

/** @throws ConfigError naming the first setting that can't be used. */
export function loadConfig(env: Environment = loadEnvironment()): Config {
  const setting: Setting = (name) => env[name]?.trim() || undefined;
  const production = setting('NODE_ENV') === 'production';
  return {
    production,
    // Whoever opens it may be anybody in it, so it is for those who try it, on a database of its own.
    demo: choice(
      'DEMO',
      setting('DEMO'),
      ['on', 'local', 'off'],
      production || setting('DATABASE_URL') !== undefined ? 'off' : 'local',
    ),
    host: setting('HOST'),
    port: integer('PORT', setting('PORT'), { min: 0, max: 65_535, otherwise: 3000 }),
    publicUrl: site('PUBLIC_URL', setting('PUBLIC_URL')),
    databaseUrl: url('DATABASE_URL', setting('DATABASE_URL'), POSTGRES),
    databasePool: integer('DATABASE_POOL', setting('DATABASE_POOL'), { min: 2, max: 500, otherwise: 16 }),
    databaseDirectUrl:
      url('DATABASE_DIRECT_URL', setting('DATABASE_DIRECT_URL'), POSTGRES) ??
      url('DATABASE_URL', setting('DATABASE_URL'), POSTGRES),
    dataDir: resolve(setting('DATA_DIR') ?? '.data'),
    filesSecret: secret('FILES_SECRET', setting('FILES_SECRET')),
    s3: s3(setting),
    secretsKey: encryptionKey('SECRETS_KEY', setting('SECRETS_KEY')),
    secretsKeyPrevious: encryptionKey('SECRETS_KEY_PREVIOUS', setting('SECRETS_KEY_PREVIOUS')),
    push: {
      apnsUrl: site('APNS_URL', setting('APNS_URL')),
      apnsCa: certificates('APNS_CA', setting('APNS_CA')),
      fcmUrl: site('FCM_URL', setting('FCM_URL')),
      fcmTokenUrl: url('FCM_TOKEN_URL', setting('FCM_TOKEN_URL'), HTTP),
    },
    migrate: choice('MIGRATE', setting('MIGRATE'), ['on', 'off'], 'on') === 'on',
    role: choice('ROLE', setting('ROLE'), ROLES, 'all'),
    redisUrl: url('REDIS_URL', setting('REDIS_URL'), REDIS),
    sockets: sockets(setting),
    adminKey: secret('ADMIN_KEY', setting('ADMIN_KEY')),
    dnsServers: nameServers('DNS_SERVERS', setting('DNS_SERVERS')),
    trustProxy: proxies('TRUST_PROXY', setting('TRUST_PROXY')),
    rateLimit: rate('RATE_LIMIT', setting('RATE_LIMIT'), 100),
    clientRateLimit: rate('CLIENT_RATE_LIMIT', setting('CLIENT_RATE_LIMIT'), 1_000),
    // What Nest calls "log" was the word for it once.
    logLevel: choice('LOG_LEVEL', setting('LOG_LEVEL')?.replace(/^log$/, 'info'), LOG_LEVELS, 'warn'),
    shutdownDelay: integer('SHUTDOWN_DELAY', setting('SHUTDOWN_DELAY'), { min: 0, max: 300, otherwise: 0 }),
  };
}

function integer(
  name: string,
  value: string | undefined,
  rule: { min: number; max: number; otherwise: number },
): number {
  if (value === undefined) {
    return rule.otherwise;
  }
  const number = /^\d{1,9}$/.test(value) ? Number(value) : NaN;
  if (!(number >= rule.min && number <= rule.max)) {
    throw new ConfigError(`${name} must be a whole number from ${rule.min} to ${rule.max}, not "${value}".`);
  }
  return number;
}

function choice<T extends string>(name: string, value: string | undefined, choices: readonly T[], otherwise: T): T {
  const chosen = choices.find((option) => option === (value ?? otherwise));
  if (chosen === undefined) {
    throw new ConfigError(`${name} must be one of ${choices.join(', ')}, not "${value}".`);
  }
  return chosen;
}

const POSTGRES = { protocol: /^postgres(ql)?:$/, like: 'postgres://' };
const HTTP = { protocol: /^https?:$/, like: 'http:// or https://' };
const REDIS = { protocol: /^rediss?:$/, like: 'redis://' };

function url(name: string, value: string | undefined, rule: typeof POSTGRES): string | undefined {
  if (value !== undefined && !rule.protocol.test(protocolOf(value))) {
    throw new ConfigError(`${name} must be a ${rule.like} address.`);
  }
  return value;
}

function protocolOf(address: string): string {
  return URL.canParse(address) ? new URL(address).protocol : '';
}

/** Without the slash at its end: paths begin with one. */
function site(name: string, value: string | undefined): string | undefined {
  return url(name, value, HTTP)?.replace(/\/+$/, '');
}

/** However it is set, one client leaves half of the places to the others. */
function sockets(setting: Setting): Config['sockets'] {
  const total = integer('MAX_SOCKETS', setting('MAX_SOCKETS'), { min: 2, max: 1_000_000, otherwise: 10_000 });
  const half = Math.floor(total / 2);
  const perClient = { min: 1, max: half, otherwise: half };
  const perAddress = { min: 1, max: 1_000_000, otherwise: 1_000 };
  return {
    total,
    perClient: integer('SOCKETS_PER_CLIENT', setting('SOCKETS_PER_CLIENT'), perClient),
    perAddress: integer('SOCKETS_PER_ADDRESS', setting('SOCKETS_PER_ADDRESS'), perAddress),
  };
}

/** All or nothing: a slip in one name must not quietly keep files on the disk. */
function s3(setting: Setting): S3Settings | undefined {
  const bucket = setting('S3_BUCKET');
  const [accessKeyId, secretAccessKey] = [setting('S3_ACCESS_KEY_ID'), setting('S3_SECRET_ACCESS_KEY')];
  const others = ['S3_REGION', 'S3_ENDPOINT', 'S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY'];
  const other = others.find((name) => setting(name) !== undefined);
  if (bucket === undefined) {
    if (other !== undefined) {
      throw new ConfigError(`S3_BUCKET must be set, because ${other} is.`);
    }
    return undefined;
  }
  if ((accessKeyId === undefined) !== (secretAccessKey === undefined)) {
    throw new ConfigError('S3_SECRET_ACCESS_KEY must be set together with S3_ACCESS_KEY_ID, or neither.');
  }
  return {
    bucket,
    region: setting('S3_REGION') ?? 'us-east-1',
    endpoint: site('S3_ENDPOINT', setting('S3_ENDPOINT')),
    credentials: accessKeyId && secretAccessKey ? { accessKeyId, secretAccessKey } : undefined,
  };
}

/** Read now: the first notification is too late to learn that it can't be. */
function certificates(name: string, file: string | undefined): string | undefined {
  if (file !== undefined && !/-----BEGIN (TRUSTED )?CERTIFICATE-----/.test(textOf(name, file))) {
    throw new ConfigError(`${name} must be a file of certificates in PEM, which ${file} is not.`);
  }
  return file;
}

function textOf(name: string, file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch (error) {
    throw new ConfigError(`${name} must be a file that can be read: ${(error as Error).message}.`);
  }
}

/** A key that can be guessed opens every tenant. */
function secret(name: string, value: string | undefined): string | undefined {
  if (value !== undefined && value.length < 32) {
    throw new ConfigError(`${name} must have at least 32 characters; \`openssl rand -hex 32\` makes one.`);
  }
  return value;
}

/** 32 bytes, in either of the two ways that `openssl rand` writes them. */
function encryptionKey(name: string, value: string | undefined): Buffer | undefined {
  if (value === undefined) {
    return undefined;
  }
  const key = Buffer.from(value, /^[\da-f]{64}$/i.test(value) ? 'hex' : 'base64');
  if (key.length !== 32 || !/^([\da-f]{64}|[\w+/-]{43}=?)$/i.test(value)) {
    throw new ConfigError(`${name} must be 32 bytes in hexadecimal or base64; \`openssl rand -hex 32\` makes them.`);
  }
  return key;
}

/** "true" would let every caller choose its own address, so it is refused. */
function proxies(name: string, value: string | undefined): false | number | readonly string[] {
  if (value === undefined || value === 'off') {
    return false;
  }
  if (/^[1-9]\d?$/.test(value)) {
    return Number(value);
  }
  const networks = value.split(',').map((network) => network.trim());
  if (!networks.every(isNetwork)) {
    throw new ConfigError(
      `${name} must be off, a number of proxies, or addresses and networks such as 10.0.0.0/8, not "${value}".`,
    );
  }
  return networks;
}

/** Addresses, each with a port or without: 10.0.0.53, 127.0.0.1:5353, [::1]:53. */
function nameServers(name: string, value: string | undefined): readonly string[] | undefined {
  const servers = value?.split(',').map((server) => server.trim());
  const wrong = servers?.find((server) => {
    const [, address = server, port = '53'] =
      /^\[(.+)\](?::(\d{1,5}))?$/.exec(server) ?? /^([^:]+):(\d{1,5})$/.exec(server) ?? [];
    return isIP(address) === 0 || !(Number(port) >= 1 && Number(port) <= 65_535);
  });
  if (wrong !== undefined) {
    throw new ConfigError(`${name} must be addresses such as 10.0.0.53 or 127.0.0.1:5353, not "${wrong}".`);
  }
  return servers;
}

/** An address, or a network of one; `/0` is everybody and so none. */
function isNetwork(text: string): boolean {
  const [address = '', bits] = text.split(/\/(\d{1,3})$/);
  const version = isIP(address);
  return version !== 0 && (bits === undefined || (Number(bits) >= 1 && Number(bits) <= (version === 4 ? 32 : 128)));
}

function rate(name: string, value: string | undefined, otherwise: number): number | false {
  return value === 'off' ? false : integer(name, value, { min: 1, max: 1_000_000, otherwise });
}
