import { parentPort } from 'node:worker_threads';
import './thread-limits.js';
import type { ThreadAnswer } from './document-reader.js';
import { readDocument } from './read-document.js';
import type { ToRead } from './readable.js';
import { BROKEN, Unreadable } from './unreadable.js';

/** Runs in a thread of its own, which `DocumentReader` ends when something takes too much of time or memory. */
parentPort?.on('message', (what: ToRead) => {
  void readDocument(what).then(
    (read) => parentPort?.postMessage({ read } satisfies ThreadAnswer),
    (error: unknown) =>
      parentPort?.postMessage({ problem: error instanceof Unreadable ? error.message : BROKEN } satisfies ThreadAnswer),
  );
});
