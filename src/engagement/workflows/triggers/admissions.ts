import { Injectable } from '@nestjs/common';
import { uuidv7 } from 'uuidv7';
import { now } from '../../../platform/common/clock.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { durationMs } from '../definition/duration.js';
import { contactLeaves, holds, type ComparedConversation } from '../running/conditions.js';
import { ExecutionsRepository, type NewExecution } from '../running/executions.repository.js';
import { TriggersRepository, type Former, type Triggered } from './triggers.repository.js';

/** Workflows that lead to one another, at most. */
const MAX_CHAIN = 3;
const MAX_A_DAY = 100;
/** Of a workspace. */
export const MAX_A_MINUTE = 1_000;

/** Something that triggers a workflow. */
export interface Cause {
  /** No workflow runs twice for the same. */
  readonly event: string;
  readonly contactId: string | null;
  readonly channelId: string | null;
  readonly conversation: ComparedConversation | null;
  /** What its texts and conditions know as `trigger`. */
  readonly trigger: Readonly<Record<string, unknown>>;
  readonly chain: readonly string[];
}

/**
 * Which of those that are triggered run. All within a transaction that holds the executions of the client, so that none is
 * counted wrong.
 */
@Injectable()
export class Admissions {
  constructor(
    private readonly executions: ExecutionsRepository,
    private readonly triggers: TriggersRepository,
  ) {}

  /** One workflow for several causes. */
  async admit(tenant: Tenant, workflow: Triggered, causes: readonly Cause[]): Promise<void> {
    const contactIds = [...new Set(causes.map(({ contactId }) => contactId).filter((id) => id !== null))];
    const { conditions } = workflow.definition;
    const leaves = conditions ? contactLeaves(conditions) : [];
    const held =
      contactIds.length === 0
        ? new Map<string, readonly boolean[]>()
        : await this.executions.held(tenant, leaves, contactIds);
    const former = await this.triggers.former(tenant, workflow.id, contactIds);
    const today = await this.triggers.today(tenant, contactIds);
    let lately = await this.triggers.lately(tenant);
    let isThrottled = false;
    const made: NewExecution[] = [];
    for (const cause of causes) {
      const { contactId, chain } = cause;
      // Whoever it is about may be gone by now.
      if (contactId !== null && !held.has(contactId)) {
        continue;
      }
      const refuse = (): string | null => {
        if (workflow.status !== 'active') {
          return 'inactive';
        }
        if (chain.length >= MAX_CHAIN || chain.includes(workflow.id)) {
          return 'loop';
        }
        if (conditions && !holds(conditions, cause, contactId === null ? [] : held.get(contactId)!)) {
          return 'conditions';
        }
        if (contactId !== null && !mayEnter(workflow, former.get(contactId))) {
          return 'reentry';
        }
        const isOften = contactId !== null && (today.get(contactId) ?? 0) >= MAX_A_DAY;
        return isOften || lately >= MAX_A_MINUTE ? 'limit' : null;
      };
      const reason = refuse();
      isThrottled ||= reason === 'limit';
      if (reason === null) {
        lately += 1;
        if (contactId !== null) {
          today.set(contactId, (today.get(contactId) ?? 0) + 1);
          former.set(contactId, { isRunning: true, last: now() });
        }
      }
      made.push(executionOf(workflow, cause, reason));
    }
    await this.executions.insert(tenant, made);
    if (isThrottled) {
      await this.triggers.throttle(tenant, workflow.id);
    }
  }
}

function executionOf(
  { id: workflowId, version, definition }: Triggered,
  { event, contactId, channelId, trigger, chain }: Cause,
  reason: string | null,
): NewExecution {
  return {
    ...{ id: uuidv7(), workflowId, version, event, contactId, channelId, trigger, chain: [...chain] },
    ...{
      state: reason === null ? 'pending' : 'skipped',
      reason,
      step: reason === null ? definition.steps[0]!.id : null,
    },
  };
}

/** Never while one runs for the contact. */
function mayEnter({ definition: { reentry = 'always' } }: Triggered, former: Former | undefined): boolean {
  if (!former) {
    return true;
  }
  if (former.isRunning || reentry === 'once') {
    return false;
  }
  const [, after] = reentry.split(':', 2);
  return after === undefined || now().getTime() - former.last.getTime() >= durationMs(after)!;
}
