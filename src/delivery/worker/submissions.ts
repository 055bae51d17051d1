import { Injectable } from '@nestjs/common';
import { DeliveriesRepository, type Submitted } from '../deliveries/deliveries.repository.js';
import type { DueJob } from './jobs.repository.js';

/** What passed the point of no return in one commit, by the ids of its deliveries. */
export type Together = ReadonlyMap<string, Submitted>;

/** Hands over in one commit what was claimed together, as far as nothing is the matter with it. */
@Injectable()
export class Submissions {
  constructor(private readonly deliveries: DeliveriesRepository) {}

  /** Of each client. Each is called for as soon as they are committed: a process that dies leaves no more in doubt than that. */
  begin(jobs: readonly DueJob[]): ReadonlyMap<string, Promise<Together>> {
    const together = new Map<string, Promise<Together>>();
    const sends = jobs.filter(({ kind }) => kind === 'send');
    for (const first of sends) {
      const those = sends.filter(({ clientId }) => clientId === first.clientId);
      if (those.length > 1 && !together.has(first.clientId)) {
        together.set(first.clientId, this.deliveries.submitTogether(first, those));
      }
    }
    return together;
  }
}
