import { Injectable } from '@nestjs/common';
import { now } from '../../../platform/common/clock.js';
import { HOUR_MS } from '../../../platform/common/durations.js';
import { Refusal } from '../../../platform/common/errors/refusal.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { ContactListsService } from '../../contacts/contact-lists.service.js';
import type { ContactRow } from '../../contacts/contacts.service.js';
import { nextRun } from '../definition/schedule.js';
import { ExecutionsRepository } from '../running/executions.repository.js';
import { Admissions, MAX_A_MINUTE } from './admissions.js';
import { TriggersRepository, type DueSchedule, type FiringWorkflow } from './triggers.repository.js';

/** Contacts of one commit. */
const BATCH = 200;
/** Later than that, nobody expects it any more: it was due while nothing ran. */
const MAX_LATE_MS = HOUR_MS;

/** What is due by the clock, for each contact of a segment: as many at a time as a workspace may have begun. */
@Injectable()
export class Schedules {
  constructor(
    private readonly triggers: TriggersRepository,
    private readonly executions: ExecutionsRepository,
    private readonly admissions: Admissions,
    private readonly contacts: ContactListsService,
  ) {}

  due(except: readonly string[]): Promise<DueSchedule | null> {
    return this.triggers.dueSchedule(except);
  }

  /** The next contacts, by their numbers: how far it came is kept by the commit that makes their executions. */
  async fireSome(tenant: Tenant, id: string): Promise<void> {
    await this.triggers.inTransaction(tenant, async () => {
      await this.executions.hold(tenant);
      const workflow = await this.triggers.lockDue(tenant, id);
      const room = Math.min(BATCH, MAX_A_MINUTE - (await this.triggers.lately(tenant)));
      if (!workflow || room <= 0) {
        return;
      }
      const { fireAt, firedUpto } = workflow;
      const isMissed = firedUpto === 0 && now().getTime() - fireAt.getTime() > MAX_LATE_MS;
      const found = isMissed ? [] : await this.following(tenant, workflow, room);
      const causes = found.map(({ id: contactId }) => ({
        ...{ event: `schedule:${fireAt.toISOString()}:${contactId}`, contactId, channelId: null, conversation: null },
        ...{ trigger: { type: 'schedule', at: fireAt.toISOString() }, chain: [] },
      }));
      await this.admissions.admit(tenant, workflow, causes);
      const isDone = found.length < room;
      await this.triggers.fired(tenant, id, isDone ? this.nextOf(workflow) : fireAt, isDone ? 0 : found.at(-1)!.number);
    });
  }

  /** None where the segment is gone. */
  private async following(
    tenant: Tenant,
    { definition: { trigger }, firedUpto }: FiringWorkflow,
    limit: number,
  ): Promise<readonly ContactRow[]> {
    if (trigger.type !== 'schedule') {
      return [];
    }
    try {
      const filters = await this.contacts.resolve(tenant, { segment: trigger.segment_id });
      return await this.contacts.after(tenant, filters, firedUpto, limit);
    } catch (error) {
      if (error instanceof Refusal && error.kind === 'invalid') {
        return [];
      }
      throw error;
    }
  }

  private nextOf({ definition: { trigger } }: FiringWorkflow): Date | null {
    return trigger.type === 'schedule' ? nextRun(trigger.cron, trigger.timezone, now()) : null;
  }
}
