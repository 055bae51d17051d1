import { Counter, Gauge, Histogram, Registry } from 'prom-client';

/**
 * What this process counts, whichever of its parts does: adding to a number is all that it costs. A label has few values, and names
 * no client, no id and no address.
 */
export const COUNTS = new Registry();

const registers = [COUNTS];

export const requests = new Counter({
  name: 'parlance_http_requests_total',
  help: 'Requests that are over. Whoever hung up before an answer has the status "none".',
  labelNames: ['method', 'route', 'status'],
  registers,
});

export const requestSeconds = new Histogram({
  name: 'parlance_http_request_duration_seconds',
  help: 'From the head of a request to the end of its answer.',
  labelNames: ['method', 'route'],
  buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  registers,
});

export const sockets = new Gauge({
  name: 'parlance_sockets',
  help: 'Open sockets.',
  labelNames: ['dialect'],
  registers,
});

export const sendBatch = new Histogram({
  name: 'parlance_send_batch_messages',
  help: 'Messages that a lane sent at once.',
  buckets: [1, 2, 4, 8, 16, 32, 64],
  registers,
});

export const jobs = new Counter({
  name: 'parlance_jobs_total',
  help: 'What workers began.',
  labelNames: ['queue'],
  registers,
});

export const jobsUnderWay = new Gauge({
  name: 'parlance_jobs_under_way',
  help: 'What workers have begun and not ended.',
  labelNames: ['queue'],
  registers,
});

export const webhookAttempts = new Counter({
  name: 'parlance_webhook_attempts_total',
  help: 'Attempts to deliver an event to an endpoint: delivered, pending (there will be another) or failed.',
  labelNames: ['outcome'],
  registers,
});

export const pushAttempts = new Counter({
  name: 'parlance_push_attempts_total',
  help: 'Attempts to send a push: arrived, gone (its device is), later or refused.',
  labelNames: ['provider', 'outcome'],
  registers,
});

export const textAttempts = new Counter({
  name: 'parlance_text_attempts_total',
  help: 'Text messages handed to a provider: accepted, refused, later or unknown.',
  labelNames: ['provider', 'outcome'],
  registers,
});

export const mailAttempts = new Counter({
  name: 'parlance_mail_attempts_total',
  help: 'Mails handed to the server of an account: accepted, refused, later, unknown or account (it lets nobody in).',
  labelNames: ['outcome'],
  registers,
});
