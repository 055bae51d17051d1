import { Injectable } from '@nestjs/common';
import { now } from '../../../platform/common/clock.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { afterStep, END, stepOf, type Step, type WaitStep } from '../definition/definition.js';
import { durationMs } from '../definition/duration.js';
import { AiSteps, type Draft } from '../steps/ai-step.js';
import { InnerSteps } from '../steps/inner-steps.js';
import type { Skipped } from '../steps/conversation-steps.js';
import { failureIn } from '../steps/step-failure.js';
import { WebhookSteps } from '../steps/webhook-step.js';
import { ExecutionsRepository, type ExecutionJob, type Move } from './executions.repository.js';
import { Subjects } from './subject.js';

/** After attempts that came to nothing outside. */
const RETRY_MS = [10_000, 60_000, 600_000, 3_600_000];
const MAX_OUTPUT_BYTES = 4_000;

/** Somebody took it since, or it was cancelled: what this attempt did is undone. */
class Lost extends Error {}

/** What came of a step. */
interface Done {
  readonly output: object;
  /** What comes next. */
  readonly to: string;
}

/** What somebody outside said to a step. */
interface Asked {
  readonly sent?: object;
  readonly draft?: Draft | Skipped;
}

/** Where an execution stands, step by step: what a step does commits with where it leads to. */
@Injectable()
export class Runner {
  constructor(
    private readonly executions: ExecutionsRepository,
    private readonly subjects: Subjects,
    private readonly steps: InnerSteps,
    private readonly webhooks: WebhookSteps,
    private readonly ai: AiSteps,
  ) {}

  /**
   * As far as it goes for now. @param stop ends it after the step under way
   * @throws where the database is away: whoever takes it over goes on at the same step
   */
  async run(job: ExecutionJob, stop: AbortSignal): Promise<void> {
    const tenant = { clientId: job.clientId, livemode: job.livemode };
    let at: ExecutionJob | null = job;
    while (at) {
      if (!at.isActive) {
        return this.executions.park(tenant, at);
      }
      if (stop.aborted) {
        return this.executions.release(tenant, at, false);
      }
      at = await this.take(tenant, at, stop);
    }
  }

  /** One step. @returns the execution where it goes on at once */
  private async take(tenant: Tenant, job: ExecutionJob, stop: AbortSignal): Promise<ExecutionJob | null> {
    const step = stepOf(job.definition, job.step ?? END);
    if (!step) {
      throw new Error(`Execution ${job.id} stands at no step.`);
    }
    const startedAt = now();
    try {
      return await this.perform(tenant, job, step, startedAt, stop);
    } catch (error) {
      if (error instanceof Lost) {
        return null;
      }
      const failure = failureIn(error);
      if (failure === null) {
        throw error;
      }
      await this.fail(tenant, job, step, startedAt, failure);
      return null;
    }
  }

  private async perform(
    tenant: Tenant,
    job: ExecutionJob,
    step: Step,
    startedAt: Date,
    stop: AbortSignal,
  ): Promise<ExecutionJob | null> {
    const asked = await this.ask(tenant, job, step, stop);
    return this.executions.inTransaction(tenant, async () => {
      await this.executions.begin(tenant, [...job.chain, job.workflowId]);
      if (step.type === 'wait' && job.waitsSince === null) {
        await this.wait(tenant, job, step, startedAt);
        return null;
      }
      const { output, to } = await this.effect(tenant, job, step, asked);
      const isSkipped = 'skipped' in output;
      const isOver = to === END;
      const isActive = await this.move(tenant, job, {
        ...{ state: isOver ? 'completed' : 'running', step: isOver ? null : to, dueInMs: isOver ? null : 0 },
        isKept: !isOver,
        log: {
          ...{ id: step.id, type: step.type, status: isSkipped ? 'skipped' : 'completed', attempt: job.attempts + 1 },
          ...{ startedAt: job.waitsSince ?? startedAt, output: small(output) },
        },
      });
      return isOver ? null : { ...job, step: to, attempts: 0, waitsSince: null, hasCome: false, isActive };
    });
  }

  /** Whoever is outside is asked before the transaction: a receiver knows a repeat by its id, and of two drafts one is said. */
  private async ask(tenant: Tenant, job: ExecutionJob, step: Step, stop: AbortSignal): Promise<Asked> {
    switch (step.type) {
      case 'webhook':
        return { sent: await this.webhooks.send(tenant, job, step, await this.subjects.of(tenant, job), stop) };
      case 'ai_reply':
        return { draft: await this.ai.draft(tenant, step, await this.subjects.of(tenant, job)) };
      default:
        return {};
    }
  }

  private async effect(tenant: Tenant, job: ExecutionJob, step: Step, { sent, draft }: Asked): Promise<Done> {
    const next = afterStep(job.definition, step);
    if (step.type === 'webhook') {
      return { output: sent!, to: next };
    }
    const subject = await this.subjects.of(tenant, job);
    if (step.type === 'ai_reply') {
      return { output: await this.ai.say(tenant, step, subject, draft!), to: next };
    }
    if (step.type === 'wait') {
      const hasCome = await this.hasCome(tenant, job, step);
      return { output: { came: hasCome }, to: hasCome && step.then !== undefined ? step.then : next };
    }
    if (step.type === 'branch') {
      const isTrue = await this.subjects.isTrue(tenant, step.if, subject);
      const to = isTrue ? step.then : afterStep(job.definition, step, step.else);
      return { output: { held: isTrue, to }, to };
    }
    return { output: await this.steps.perform(tenant, step, subject), to: next };
  }

  private async wait(tenant: Tenant, job: ExecutionJob, step: WaitStep, startedAt: Date): Promise<void> {
    await this.move(tenant, job, {
      ...{ state: 'waiting', step: step.id, dueInMs: durationMs(step.for)!, awaits: step.until ?? null },
      log: { id: step.id, type: step.type, status: 'waiting', attempt: 1, startedAt, output: { for: step.for } },
    });
  }

  /** A message whose commit crossed that of the wait told nobody: it is looked for once the time is over. */
  private async hasCome(tenant: Tenant, job: ExecutionJob, { until }: WaitStep): Promise<boolean> {
    const { hasCome, contactId, waitsSince } = job;
    return (
      until !== undefined &&
      (hasCome || (contactId !== null && (await this.executions.hasWritten(tenant, contactId, waitsSince!))))
    );
  }

  private async fail(
    tenant: Tenant,
    job: ExecutionJob,
    step: Step,
    startedAt: Date,
    { says, isFinal }: { readonly says: string; readonly isFinal: boolean },
  ): Promise<void> {
    const attempts = job.attempts + 1;
    const dueInMs = isFinal ? undefined : RETRY_MS[attempts - 1];
    const log = { id: step.id, type: step.type, attempt: attempts, startedAt, error: says };
    await this.executions.move(
      tenant,
      job,
      dueInMs === undefined
        ? { state: 'failed', step: step.id, dueInMs: null, reason: says, attempts, log: { ...log, status: 'failed' } }
        : { state: 'pending', step: step.id, dueInMs, attempts, log: { ...log, status: 'retrying' } },
    );
  }

  /** @returns whether its workflow is active @throws Lost */
  private async move(tenant: Tenant, job: ExecutionJob, move: Move): Promise<boolean> {
    const isActive = await this.executions.move(tenant, job, move);
    if (isActive === null) {
      throw new Lost();
    }
    return isActive;
  }
}

function small(output: object): object {
  return Buffer.byteLength(JSON.stringify(output)) > MAX_OUTPUT_BYTES ? { cut: true } : output;
}
