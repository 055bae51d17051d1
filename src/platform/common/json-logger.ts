import type { LoggerService } from '@nestjs/common';
import { pino, stdTimeFunctions, type DestinationStream, type Level, type Logger } from 'pino';

/** Something that was noted with names, each of which becomes a field of the line. */
export interface Noted {
  readonly facts: Readonly<Record<string, string | number | undefined>>;
}

/**
 * What Nest and we log, a line of JSON each. Written at once and in order with all else on standard output, so that a process
 * that is killed has said all it had to say: what is buffered would be lost with it.
 */
export class JsonLogger implements LoggerService {
  private readonly lines: Logger;

  constructor(level: Level, destination: DestinationStream = process.stdout) {
    const formatters = { level: (label: string) => ({ level: label }) };
    this.lines = pino(
      { level, base: { pid: process.pid }, timestamp: stdTimeFunctions.isoTime, messageKey: 'message', formatters },
      destination,
    );
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.write('fatal', message, rest);
  }

  /** Nest hands in a stack, where there is one, between the message and the name of who says it. */
  error(message: unknown, ...rest: unknown[]): void {
    const [stack] = rest.slice(0, -1);
    this.write('error', message, rest, stack);
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.write('warn', message, rest);
  }

  log(message: unknown, ...rest: unknown[]): void {
    this.write('info', message, rest);
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }

  private write(level: Level, message: unknown, rest: readonly unknown[], stack?: unknown): void {
    const context = rest.at(-1);
    if (isNoted(message)) {
      this.lines[level]({ context, ...message.facts });
    } else if (message instanceof Error) {
      this.lines[level]({ context, stack: message.stack }, message.message);
    } else {
      this.lines[level]({ context, stack }, String(message));
    }
  }
}

function isNoted(message: unknown): message is Noted {
  return typeof message === 'object' && message !== null && 'facts' in message;
}
