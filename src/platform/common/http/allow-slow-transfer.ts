import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

/** Milliseconds without a byte, after which the other side is taken for gone. */
const SILENCE = 30_000;
const unhurried = new WeakSet<Duplex>();

/** A gigabyte takes as long as it takes: this exchange is bound by silence, and no longer by its whole time. */
export function allowSlowTransfer(request: IncomingMessage, response: ServerResponse, silence = SILENCE): void {
  const { socket } = request;
  unhurried.add(socket);
  request.setTimeout(silence);
  // From here on the silence is ours: what was received is brought to the disk.
  request.once('end', () => request.setTimeout(0));
  response.once('close', () => unhurried.delete(socket));
}

/** Whether the whole time of what goes on here is nobody's business. */
export function takesTime(socket: Duplex): boolean {
  return unhurried.has(socket);
}
