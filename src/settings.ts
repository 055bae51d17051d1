import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { Expose, Transform } from 'class-transformer';
import { isEmail, isFQDN, IsIn, ValidateBy, type ValidationArguments } from 'class-validator';

/** What the environment says, by name. */
export type Settings = Readonly<Record<string, string | undefined>>;
type Read = (value: string | undefined, settings: Settings) => unknown;

const names = new Set<string>();
/** Every setting that a decorator names. */
export const settingNames: ReadonlySet<string> = names;

/**
 * A property that is read from the setting `name`. What can't be read is left as it is, for a check to name it.
 * @param others what `read` looks at besides, where that is no setting of another property
 */
export function Setting(name: string, read: Read = (value) => value, ...others: string[]): PropertyDecorator {
  [name, ...others].forEach((one) => names.add(one));
  return both(
    Expose({ name }),
    Transform(({ value, obj }) => read(value as string | undefined, obj as Settings), { toClassOnly: true }),
  );
}

/** A property that passes where `isRight`; says `problem` where not. */
export function Check(
  isRight: (value: unknown, args: ValidationArguments) => boolean,
  problem: string | ((args: ValidationArguments) => string),
): PropertyDecorator {
  return ValidateBy({
    name: 'setting',
    validator: { validate: (value, args) => isRight(value, args!), defaultMessage: (args) => say(problem, args!) },
  });
}

export interface Range {
  readonly min: number;
  readonly max: number;
  readonly otherwise: number;
}

export function Integer(name: string, { min, max, otherwise }: Range): PropertyDecorator {
  return both(
    Setting(name, integerOr(otherwise)),
    InRange(name, min, () => max),
  );
}

/** An integer that is at most what `max` makes of the others. */
export function InRange<T extends object>(name: string, min: number, max: (all: T) => number): PropertyDecorator {
  return Check(
    (value, { object }) => typeof value === 'number' && value >= min && value <= max(object as T),
    ({ value, object }) => `${name} must be a whole number from ${min} to ${max(object as T)}, not "${value}".`,
  );
}

export function integerOr(otherwise: number): (value: string | undefined) => number | string {
  return (value = String(otherwise)) => (/^\d{1,9}$/.test(value) ? Number(value) : value);
}

/** Requests per second, or "off": false. */
export function Rate(name: string, otherwise: number): PropertyDecorator {
  const [min, max] = [1, 1_000_000];
  const read = integerOr(otherwise);
  return both(
    Setting(name, (value) => value !== 'off' && read(value)),
    Check(
      (value) => value === false || (typeof value === 'number' && value >= min && value <= max),
      ({ value }) => `${name} must be a whole number from ${min} to ${max}, not "${value}".`,
    ),
  );
}

export function Choice(
  name: string,
  choices: readonly string[],
  otherwise: string | ((settings: Settings) => string),
  synonym: (value: string | undefined) => string | undefined = (value) => value,
): PropertyDecorator {
  return both(
    Setting(name, (value, all) => synonym(value) ?? (typeof otherwise === 'string' ? otherwise : otherwise(all))),
    IsIn(choices, { message: `${name} must be one of ${choices.join(', ')}, not "$value".` }),
  );
}

/** "on" or "off". */
export function Switch(name: string, otherwise: 'on' | 'off'): PropertyDecorator {
  return both(
    Setting(name, (value = otherwise) => (value === 'on' || value === 'off' ? value === 'on' : value)),
    IsIn([true, false], { message: `${name} must be one of on, off, not "$value".` }),
  );
}

export const POSTGRES = { protocol: /^postgres(ql)?:$/, like: 'postgres://' };
export const HTTP = { protocol: /^https?:$/, like: 'http:// or https://' };
export const REDIS = { protocol: /^rediss?:$/, like: 'redis://' };

export const SMTP = { protocol: /^smtps?:$/, like: 'smtp:// or smtps://' };

export function Address(name: string, { protocol, like }: typeof HTTP, read?: Read): PropertyDecorator {
  return both(
    Setting(name, read),
    // Not shown: it may hold a password.
    Check(
      (value) => value === undefined || protocol.test(protocolOf(value as string)),
      `${name} must be a ${like} address.`,
    ),
  );
}

/** Without the slash at its end: paths begin with one. */
export function Site(name: string, otherwise?: string): PropertyDecorator {
  return Address(name, HTTP, (value = otherwise) => value?.replace(/\/+$/, ''));
}

function protocolOf(address: string): string {
  return URL.canParse(address) ? new URL(address).protocol : '';
}

/** A key that can be guessed opens every tenant. */
export function Secret(name: string): PropertyDecorator {
  return both(
    Setting(name),
    Check(
      (value) => value === undefined || (value as string).length >= 32,
      `${name} must have at least 32 characters; \`openssl rand -hex 32\` makes one.`,
    ),
  );
}

/** What an OAuth 2.0 provider knows this server by: `{name}_CLIENT_ID` and `_SECRET`. Absent without both; null without one. */
export function OAuthCredentials(name: string): PropertyDecorator {
  const [id, secret] = [`${name}_CLIENT_ID`, `${name}_CLIENT_SECRET`];
  return both(
    Setting(
      id,
      (clientId, { [secret]: clientSecret }) =>
        clientId === undefined || clientSecret === undefined
          ? clientId === clientSecret
            ? undefined
            : null
          : { clientId, clientSecret },
      secret,
    ),
    Check((value) => value !== null, `${secret} must be set together with ${id}, or neither.`),
  );
}

/** 32 bytes, in either of the two ways that `openssl rand` writes them. */
export function EncryptionKey(name: string): PropertyDecorator {
  return both(
    Setting(name, (value) => value && bytesOf(value)),
    Check(
      (value) => value === undefined || (Buffer.isBuffer(value) && value.length === 32),
      `${name} must be 32 bytes in hexadecimal or base64; \`openssl rand -hex 32\` makes them.`,
    ),
  );
}

function bytesOf(value: string): Buffer | string {
  const isHex = /^[\da-f]{64}$/i.test(value);
  return isHex || /^[\w+/-]{43}=?$/.test(value) ? Buffer.from(value, isHex ? 'hex' : 'base64') : value;
}

/** Read now: the first notification is too late to learn that it can't be. */
export function Certificates(name: string): PropertyDecorator {
  return both(
    Setting(name),
    Check(
      (file) => file === undefined || problemWith(file as string) === null,
      ({ value }) => `${name} must be a file ${problemWith(value as string)}.`,
    ),
  );
}

function problemWith(file: string): string | null {
  try {
    const isPem = /-----BEGIN (TRUSTED )?CERTIFICATE-----/.test(readFileSync(file, 'latin1'));
    return isPem ? null : `of certificates in PEM, which ${file} is not`;
  } catch (error) {
    return `that can be read: ${(error as Error).message}`;
  }
}

/** "true" would let every caller choose its own address, so it is refused. */
export function Proxies(name: string): PropertyDecorator {
  return both(
    Setting(name, (value = 'off') =>
      value === 'off' ? false : /^[1-9]\d?$/.test(value) ? Number(value) : list(value),
    ),
    Check(
      (value) => !Array.isArray(value) || value.every(isNetwork),
      ({ value }) =>
        `${name} must be off, a number of proxies, or addresses and networks such as 10.0.0.0/8, not "${value}".`,
    ),
  );
}

/** `chat@example.com`, or `Acme <chat@example.com>`. */
export function Mailbox(name: string): PropertyDecorator {
  return both(
    Setting(name),
    Check(
      (value) => value === undefined || isEmail(/^[^<>\r\n]*<([^<>]+)>$/.exec(value as string)?.[1] ?? value),
      ({ value }) => `${name} must be an address such as chat@example.com or Acme <chat@example.com>, not "${value}".`,
    ),
  );
}

/** `mail.example.com` */
export function MailDomain(name: string): PropertyDecorator {
  return both(
    Setting(name, (value) => value?.toLowerCase()),
    Check(
      (value) => value === undefined || isFQDN(value, { require_tld: false }),
      ({ value }) => `${name} must be a domain such as mail.example.com, not "${value}".`,
    ),
  );
}

/** What browsers send as `Origin`: scheme, host, and the port where it is not the scheme's own. */
export function Origins(name: string): PropertyDecorator {
  const wrong = (value: unknown): string | undefined =>
    (value as string[]).find((one) => !URL.canParse(one) || new URL(one).origin !== one);
  return both(
    Setting(name, (value) => (value === undefined ? [] : list(value))),
    Check(
      (value) => wrong(value) === undefined,
      ({ value }) => `${name} must be origins such as https://app.example.com, not "${wrong(value)}".`,
    ),
  );
}

/** Addresses, each with a port or without: 10.0.0.53, 127.0.0.1:5353, [::1]:53. */
export function NameServers(name: string): PropertyDecorator {
  const wrong = (value: unknown): string | undefined => (value as string[] | undefined)?.find((one) => !isServer(one));
  return both(
    Setting(name, (value) => value && list(value)),
    Check(
      (value) => wrong(value) === undefined,
      ({ value }) => `${name} must be addresses such as 10.0.0.53 or 127.0.0.1:5353, not "${wrong(value)}".`,
    ),
  );
}

const list = (value: string): string[] => value.split(',').map((one) => one.trim());

function isServer(server: string): boolean {
  const [, address = server, port = '53'] =
    /^\[(.+)\](?::(\d{1,5}))?$/.exec(server) ?? /^([^:]+):(\d{1,5})$/.exec(server) ?? [];
  return isIP(address) !== 0 && Number(port) >= 1 && Number(port) <= 65_535;
}

/** An address, or a network of one; `/0` is everybody and so none. */
function isNetwork(text: string): boolean {
  const [address = '', bits] = text.split(/\/(\d{1,3})$/);
  const version = isIP(address);
  return version !== 0 && (bits === undefined || (Number(bits) >= 1 && Number(bits) <= (version === 4 ? 32 : 128)));
}

export function both(...decorators: readonly PropertyDecorator[]): PropertyDecorator {
  return (target, property) => decorators.forEach((decorate) => decorate(target, property));
}

function say(problem: string | ((args: ValidationArguments) => string), args: ValidationArguments): string {
  return typeof problem === 'string' ? problem : problem(args);
}
