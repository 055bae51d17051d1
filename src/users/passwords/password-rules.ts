import { ReasonedRefusal } from '../../platform/common/errors/reasons.js';
import { spelled } from './passwords.js';

export const MIN_PASSWORD = 10;
export const MAX_PASSWORD = 256;

/** Whose password it is going to be. */
export interface Owner {
  readonly email: string;
  readonly name: string;
}

let common: Promise<ReadonlySet<string>> | undefined;

/** @throws Refusal 400 where it would be guessed */
export async function refuseWeak(password: string, { email, name }: Owner): Promise<void> {
  const plain = spelled(password);
  const length = [...plain].length;
  if (length < MIN_PASSWORD) {
    throw weak(`The password must have at least ${MIN_PASSWORD} characters.`);
  }
  if (length > MAX_PASSWORD) {
    throw weak(`The password must not have more than ${MAX_PASSWORD} characters.`);
  }
  const lower = plain.toLowerCase();
  const [local] = email.split('@', 1);
  if ([email, local, spelled(name).toLowerCase()].includes(lower)) {
    throw weak('The password must not be your e-mail address or name.');
  }
  if ((await commonPasswords()).has(lower)) {
    throw weak('The password is one that many people use, and is tried first by whoever guesses.');
  }
}

/** Read when it is first needed: tens of thousands, of which few are long enough to be allowed otherwise. */
function commonPasswords(): Promise<ReadonlySet<string>> {
  common ??= import('@zxcvbn-ts/language-common').then(
    ({ dictionary }) => new Set(dictionary['passwords-common'].filter((one) => one.length >= MIN_PASSWORD)),
  );
  return common;
}

function weak(message: string): ReasonedRefusal {
  return new ReasonedRefusal('weak_password', message);
}
