import { CLOSE } from './pusher-socket.js';

/** Says no to a socket once it is open; a browser learns nothing of an answer that is not 101. */
export interface Closing {
  readonly code: number;
  readonly reason: string;
}

/** The differences since 5, which the libraries for Java and .NET ask for, are such that they understand 7. */
const VERSIONS = ['5', '6', '7'];

/** The public key and the version in the address of a socket; null where the address is none. */
export function readAddress(url: string): { readonly publicKey: string; readonly version: string | null } | null {
  const [, publicKey, query] = /^\/app\/([^/?]+)(?:\?(.*))?$/s.exec(url) ?? [];
  return publicKey === undefined ? null : { publicKey, version: new URLSearchParams(query).get('protocol') };
}

export function refuseVersion(version: string | null): Closing | null {
  if (version === null || version === '') {
    return { code: CLOSE.missingVersion, reason: 'The protocol version is missing' };
  }
  if (!/^\d+$/.test(version)) {
    return { code: CLOSE.malformedVersion, reason: 'The protocol version is not a number' };
  }
  return VERSIONS.includes(version)
    ? null
    : { code: CLOSE.unsupportedVersion, reason: 'The protocol version is not supported' };
}
