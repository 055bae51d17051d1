import { Injectable } from '@nestjs/common';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import type { ComparedConversation } from '../running/conditions.js';
import { ExecutionsRepository } from '../running/executions.repository.js';
import { Admissions, type Cause } from './admissions.js';
import { matchOf } from './matching.js';
import { TriggersRepository, type TakenEvent } from './triggers.repository.js';

/** Events of one commit. */
const BATCH = 100;

/** Executions of what happened, made by the commit that takes the events away. */
@Injectable()
export class Triggerings {
  constructor(
    private readonly triggers: TriggersRepository,
    private readonly executions: ExecutionsRepository,
    private readonly admissions: Admissions,
  ) {}

  waiting(except: readonly string[]): Promise<Tenant | null> {
    return this.triggers.waiting(except);
  }

  /** What could not be looked at holds up the others no longer. */
  postpone(tenant: Tenant): Promise<void> {
    return this.triggers.postpone(tenant);
  }

  async triggerSome(tenant: Tenant): Promise<void> {
    await this.triggers.inTransaction(tenant, async () => {
      await this.executions.hold(tenant);
      const events = await this.triggers.take(tenant, BATCH);
      for (const workflow of await this.triggers.active(tenant, [...new Set(events.map(({ type }) => type))])) {
        await this.admissions.admit(
          tenant,
          workflow,
          events.flatMap((event) => causeOf(event, matchOf(workflow.definition.trigger, happened(event)))),
        );
      }
      const wrote = events.filter(({ type }) => type === 'message.received').map(({ contactId }) => contactId);
      await this.triggers.come(
        tenant,
        wrote.filter((id) => id !== null),
      );
      await this.triggers.drop(
        tenant,
        events.map(({ id }) => id),
      );
    });
  }
}

function happened({ type, data, medium, text }: TakenEvent) {
  return { type, data, medium: medium ?? null, text };
}

function causeOf(event: TakenEvent, trigger: Record<string, unknown> | null): Cause[] {
  if (trigger === null) {
    return [];
  }
  const { id, type, contactId, channelId, chain, medium } = event;
  const conversation = medium == null ? null : (event as ComparedConversation);
  return [{ event: id, contactId, channelId, conversation, trigger: { type, ...trigger }, chain }];
}
