import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

/** Milliseconds without a byte, after which the other side is taken for gone. */
const MAX_SILENCE_MS = 30_000;
const slowTransfers = new WeakSet<Duplex>();

/** A gigabyte takes as long as it takes: this exchange is bound by silence, and no longer by its whole time. */
export function allowSlowTransfer(
  request: IncomingMessage,
  response: ServerResponse,
  maxSilenceMs = MAX_SILENCE_MS,
): void {
  const { socket } = request;
  slowTransfers.add(socket);
  request.setTimeout(maxSilenceMs);
  // From here on the silence is ours: what was received is brought to the disk.
  request.once('end', () => request.setTimeout(0));
  response.once('close', () => slowTransfers.delete(socket));
}

/** Whether the whole time of what goes on here is nobody's business. */
export function isSlowTransfer(socket: Duplex): boolean {
  return slowTransfers.has(socket);
}
