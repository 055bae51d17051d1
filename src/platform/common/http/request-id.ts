import { randomFillSync } from 'node:crypto';
import { V7Generator } from 'uuidv7';

export const REQUEST_ID = /^[\w-]{1,64}$/;

const random = new Uint32Array(1_024);
let used = random.length;
/** The library's own asks the system anew for every other id. */
const generator = new V7Generator({
  nextUint32() {
    if (used === random.length) {
      randomFillSync(random);
      used = 0;
    }
    return random[used++]!;
  },
});

export function newRequestId(): string {
  return `req_${generator.generate().toString()}`;
}

/** The caller's own id where it is harmless in a log line and a header, else a new one. */
export function requestIdFrom(header: string | string[] | undefined): string {
  return typeof header === 'string' && REQUEST_ID.test(header) ? header : newRequestId();
}
