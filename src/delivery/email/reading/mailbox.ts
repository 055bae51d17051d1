import type { Address } from 'postal-mime';
import { MAIL_LIMITS } from './mail-limits.js';
import { oneLine, wellFormed } from './well-formed.js';

export interface Mailbox {
  /** Its domain in lower case. */
  readonly address: string;
  /** What its owner is called there; may be empty. */
  readonly name: string;
}

const ADDRESS = /^[^\s@<>"(),:;]{1,64}@[^\s@<>"(),:;]{1,253}$/;
const NAME_CHARACTERS = 255;

/** Those that can be written to, groups opened, each once. */
export function mailboxesOf(addresses: readonly Address[]): readonly Mailbox[] {
  const all = addresses.flatMap((one) => one.group ?? [one]).flatMap((one) => mailboxOf(one) ?? []);
  const distinct = new Map(all.map((mailbox) => [mailbox.address.toLowerCase(), mailbox]));
  return [...distinct.values()].slice(0, MAIL_LIMITS.addresses);
}

export function mailboxOf({ address, name }: { address?: string | undefined; name: string }): Mailbox | null {
  const said = wellFormed(address ?? '').trim();
  if (!ADDRESS.test(said)) {
    return null;
  }
  const at = said.lastIndexOf('@');
  return { address: said.slice(0, at) + said.slice(at).toLowerCase(), name: oneLine(name, NAME_CHARACTERS) };
}
