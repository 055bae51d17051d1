import { parentPort } from 'node:worker_threads';
import { readMail } from './read-mail.js';

/** Runs in a thread of its own, which `MailReader` ends when a mail takes too much of time or memory. */
parentPort?.on('message', (raw: Uint8Array) => {
  void readMail(raw).then((mail) => {
    parentPort?.postMessage(mail);
  });
});
