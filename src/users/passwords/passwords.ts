import { availableParallelism } from 'node:os';
import { Injectable } from '@nestjs/common';
import { hash, parseOptions, verify, type Options } from '@node-rs/argon2';
import { ReasonedRefusal } from '../../platform/common/errors/reasons.js';
import { Turns } from './turns.js';

/** As OWASP asks for Argon2id, which is the library's own choice of the three. */
const STRENGTH = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const satisfies Options;
/** Each has a core, and a thread of the pool that files are read by, to itself; some of those stay free. */
const AT_ONCE = Math.min(4, Math.max(1, availableParallelism()));
const WAITING = 100;
/** Of no password that anybody knows: what is compared where there is no user, so that it takes as long. */
const NOBODYS = '$argon2id$v=19$m=19456,t=2,p=1$aWQxZG9G7rSNezaBxsQI6w$muEiIR1NaVYrJrNip6n6rie7rRIH+vTtjcByvaq/fgo';

/** Hashes passwords, a few at a time: each takes a core for tens of milliseconds, and 19 MB. */
@Injectable()
export class Passwords {
  private readonly turns = new Turns(
    AT_ONCE,
    WAITING,
    () => new ReasonedRefusal('busy', 'Too many are signing in at once. Please try again.', { retryAfter: 1 }),
  );

  /** @throws Refusal 503 */
  hash(password: string): Promise<string> {
    return this.turns.take(() => hash(spelled(password), STRENGTH));
  }

  /** Takes as long where there is none to compare with. @throws Refusal 503 */
  async matches(stored: string | null, password: string): Promise<boolean> {
    const isRight = await this.turns.take(() => verify(stored ?? NOBODYS, spelled(password)));
    return isRight && stored !== null;
  }

  /** Whether it was made when less was asked for. */
  isOutdated(stored: string): boolean {
    const { memoryCost, timeCost, parallelism } = parseOptions(stored);
    return memoryCost < STRENGTH.memoryCost || timeCost < STRENGTH.timeCost || parallelism < STRENGTH.parallelism;
  }
}

/** The same letters, however a keyboard composes them. */
export function spelled(password: string): string {
  return password.normalize('NFKC');
}
