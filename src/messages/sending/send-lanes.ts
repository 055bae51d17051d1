import { Injectable } from '@nestjs/common';
import { Config } from '../../config.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { wasRefused } from '../../platform/database/database-failure.js';
import { Database, type Holder } from '../../platform/database/database.js';
import type { MessageRow } from '../messages.repository.js';
import { Lane } from './lane.js';
import { SendsRepository, type Send } from './sends.repository.js';

/** As before the pool. */
const WAIT_MS = 5_000;
/** One statement for two messages costs PostgreSQL more than a statement for each. */
const WORTH_SHARING = 3;

/** One lane for each client that is sending: what it sends at once shares statements, in this process. */
@Injectable()
export class SendLanes {
  private readonly lanes = new Map<string, Lane<Send, MessageRow>>();

  constructor(
    private readonly sends: SendsRepository,
    private readonly database: Database,
    private readonly config: Config,
  ) {}

  /**
   * Sends it with others, or `alone`. What is in a transaction goes alone.
   * @throws Refusal 503 where its turn does not come
   */
  send<T>(tenant: Tenant, send: Send, alone: () => Promise<T>): Promise<MessageRow | T> {
    return this.config.sendBatch === 1 || this.database.isInTransaction
      ? alone()
      : this.laneOf(tenant).send(send, alone);
  }

  private laneOf({ clientId }: Holder): Lane<Send, MessageRow> {
    const there = this.lanes.get(clientId);
    if (there) {
      return there;
    }
    const traffic = {
      together: (sends: readonly Send[]) => this.sends.sendMany({ clientId }, sends),
      changedNothing: wasRefused,
      streamOf,
      lengthOf,
      worthSharing: WORTH_SHARING,
      // With a key, alone is a transaction of several statements.
      isCheapAlone: ({ claim }: Send) => claim === undefined,
      // The general channel of two.
      makesItsPlace: ({ to }: Send) => 'senderEmail' in to,
    };
    const lane = new Lane(traffic, this.config.sendBatch, WAIT_MS, () => this.lanes.delete(clientId));
    this.lanes.set(clientId, lane);
    return lane;
  }
}

/** A sender in a channel. */
function streamOf({ to }: Send): string {
  return 'channelId' in to ? `${to.senderId} ${to.channelId}` : `${to.senderEmail} ${to.recipientEmail}`;
}

/** A part has a few kilobytes at most. */
function lengthOf({ row }: Send): number {
  const bodies = row.parts?.reduce((sum, { body = '' }) => sum + body.length, 0) ?? 0;
  return row.content.length + bodies;
}
