import { TOO_LARGE, Unreadable } from './unreadable.js';

/** Bytes. The memory that a thread may have does not count those of arrays. */
const MAX_ARRAY_BYTES = 64 * 1024 * 1024;
const MAX_OF_ALL = 512 * 1024 * 1024;
let made = 0;

/** For one document; what the one before it left is gone, or will be. */
export function countAnew(): void {
  made = 0;
}

/** A stream of a few bytes may unpack to as many as there are: into arrays, which are counted here as they are made. */
globalThis.Uint8Array = new Proxy(Uint8Array, {
  construct(target, args: unknown[], asked) {
    const [length] = args;
    if (typeof length === 'number') {
      made += length;
      if (length > MAX_ARRAY_BYTES || made > MAX_OF_ALL) {
        throw new Unreadable(TOO_LARGE);
      }
    }
    return Reflect.construct(target, args, asked === globalThis.Uint8Array ? target : asked) as object;
  },
});
// It would unpack behind our back; the library that looks for it has a way of its own.
Reflect.deleteProperty(globalThis, 'DecompressionStream');
// The library asks for these while it is loaded, and draws nothing here.
Object.assign(globalThis, { DOMMatrix: class {}, ImageData: class {}, Path2D: class {} });
