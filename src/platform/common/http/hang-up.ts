import type { Duplex } from 'node:stream';

/** Milliseconds that a peer has to read the last that it is told. */
const LINGER_MS = 1_000;

/**
 * Says a last word and lets go of the connection, whatever the peer does: one that never closes its side would be kept for
 * ever. What still comes is read and dropped for a moment, since a peer that is cut off while it sends may never see the
 * answer.
 */
export function hangUp(stream: Duplex, answer: string): void {
  if (!stream.writable) {
    // Told already, or gone: either way it is let go of.
    return;
  }
  const timer = setTimeout(() => stream.destroy(), LINGER_MS);
  stream.once('close', () => clearTimeout(timer));
  stream.resume();
  stream.end(answer);
}
