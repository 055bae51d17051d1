import type { Failure, StatusReport } from './provider.js';

/** What the simulator does with a message, by the numbers it goes between. */
export type Behaviour =
  | { readonly kind: 'refuses'; readonly failure: Failure }
  /** `after`: milliseconds; `find`: whether it knows the message though its answer is lost. */
  | {
      readonly kind: 'takes';
      readonly answer: 'given' | 'lost';
      readonly refusesFirst: number;
      readonly reports: readonly (readonly [afterMs: number, report: StatusReport])[];
      /** What it says when it is asked. */
      readonly end: StatusReport | null;
      readonly replies: 'STOP' | 'echo' | null;
    };

const SENT: StatusReport = { status: 'sent' };
const DELIVERED: StatusReport = { status: 'delivered' };
const UNREACHABLE: StatusReport = { status: 'undelivered', errorCode: 'unreachable', providerCode: '30003' };
const FILTERED: StatusReport = { status: 'undelivered', errorCode: 'filtered', providerCode: '30007' };

const PREFIX = '+1500555';
const FROM: Readonly<Record<string, Failure>> = {
  '0001': { errorCode: 'invalid_from', providerCode: '21212' },
  '0007': { errorCode: 'invalid_from', providerCode: '21606' },
  '0008': { errorCode: 'queue_full', providerCode: '21611' },
};
const TO: Readonly<Record<string, Failure>> = {
  '0001': { errorCode: 'invalid_number', providerCode: '21211' },
  '0002': { errorCode: 'unroutable', providerCode: '21612' },
  '0003': { errorCode: 'region_not_permitted', providerCode: '21408' },
  '0004': { errorCode: 'recipient_opted_out', providerCode: '21610' },
  '0009': { errorCode: 'not_mobile', providerCode: '21614' },
};

type Taking = Omit<Extract<Behaviour, { readonly kind: 'takes' }>, 'kind'>;
const OTHERS: Taking = {
  answer: 'given',
  refusesFirst: 0,
  reports: [
    [100, SENT],
    [300, DELIVERED],
  ],
  end: DELIVERED,
  replies: null,
};
const TAKEN: Readonly<Record<string, Partial<Taking>>> = {
  '0010': {
    reports: [
      [100, SENT],
      [300, UNREACHABLE],
    ],
    end: UNREACHABLE,
  },
  '0011': {
    reports: [
      [100, SENT],
      [60_000, DELIVERED],
    ],
    end: SENT,
  },
  '0012': { reports: [[100, SENT]] },
  '0013': {
    reports: [
      [100, DELIVERED],
      [200, SENT],
      [300, DELIVERED],
    ],
  },
  '0014': { replies: 'STOP' },
  '0015': { replies: 'echo' },
  '0016': { answer: 'lost', reports: [[5_000, DELIVERED]], end: null },
  '0017': { answer: 'lost', reports: [], end: null },
  '0018': { refusesFirst: 2 },
  '0019': {
    reports: [
      [100, SENT],
      [300, FILTERED],
    ],
    end: FILTERED,
  },
};

export function behaviourOf(from: string, to: string): Behaviour {
  const failure = magic(FROM, from) ?? magic(TO, to);
  return failure ? { kind: 'refuses', failure } : { kind: 'takes', ...OTHERS, ...magic(TAKEN, to) };
}

function magic<T>(table: Readonly<Record<string, T>>, number: string): T | undefined {
  return number.startsWith(PREFIX) ? table[number.slice(PREFIX.length)] : undefined;
}
