/**
 * The statuses of a delivery and their ranks: a status only rises. What has reached one of rank 4 has ended, but for what is
 * read afterwards.
 */
const RANKS = {
  scheduled: 0,
  queued: 1,
  receiving: 1,
  sending: 2,
  sent: 3,
  delivered: 4,
  undelivered: 4,
  failed: 4,
  canceled: 4,
  received: 4,
  read: 5,
} as const;

export type DeliveryStatus = keyof typeof RANKS;
export const DELIVERY_STATUSES = Object.keys(RANKS) as DeliveryStatus[];

/** Inbound ones go another way. */
const INBOUND: readonly DeliveryStatus[] = ['receiving', 'received'];
const FINAL_RANK = 4;

/** What a provider may say of a message that it took. */
export const REPORTED = ['sending', 'sent', 'delivered', 'undelivered', 'failed', 'canceled', 'read'] as const;
export type ReportedStatus = (typeof REPORTED)[number];

export function isReported(status: string): status is ReportedStatus {
  return (REPORTED as readonly string[]).includes(status);
}

/** The statuses that a delivery may leave for `to`. What somebody read was delivered; what failed was never read. */
export function leavesFor(to: DeliveryStatus): DeliveryStatus[] {
  return DELIVERY_STATUSES.filter((from) => mayLeave(from, to));
}

export function mayLeave(from: DeliveryStatus, to: DeliveryStatus): boolean {
  if (INBOUND.includes(from) !== INBOUND.includes(to)) {
    return false;
  }
  return RANKS[from] < RANKS[to] && (RANKS[from] < FINAL_RANK || from === 'delivered');
}

export function isFinal(status: DeliveryStatus): boolean {
  return RANKS[status] >= FINAL_RANK;
}
