import { Inject, Injectable, Logger } from '@nestjs/common';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { isFinal } from '../deliveries/delivery-status.js';
import { DeliveriesRepository, type Submitted } from '../deliveries/deliveries.repository.js';
import { DeliveriesService } from '../deliveries/deliveries.service.js';
import { segmentsOf } from '../deliveries/segments.js';
import type { Failure, MessageProvider, OutboundText, SendOutcome } from '../providers/provider.js';
import { Simulator } from '../providers/simulator.js';
import { JobsRepository, type ClaimLimits, type DueJob } from './jobs.repository.js';
import { nextCallInSeconds, nextLookInSeconds } from './waits.js';

/** Does what is to be done for deliveries. Nothing is ever sent a second time on a guess. */
@Injectable()
export class DeliveryDispatcher {
  private readonly logger = new Logger('Delivery');

  constructor(
    private readonly jobs: JobsRepository,
    private readonly deliveries: DeliveriesRepository,
    private readonly reports: DeliveriesService,
    @Inject(Simulator) private readonly provider: MessageProvider,
  ) {}

  claim(limits: ClaimLimits): Promise<DueJob[]> {
    return this.jobs.claim(limits);
  }

  /** Should this process die meanwhile, the job is due again when its lease ends. */
  do(job: DueJob): Promise<void> {
    const tenant = { clientId: job.clientId, livemode: job.livemode };
    switch (job.kind) {
      case 'send':
        return this.send(tenant, job);
      case 'reconcile':
        return this.reconcile(tenant, job);
      case 'poll':
        return this.poll(tenant, job);
    }
  }

  private async send(tenant: Tenant, job: DueJob): Promise<void> {
    const submitted = await this.deliveries.submit(tenant, job.id, job.attempts);
    switch (submitted?.answer) {
      case 'go':
        return this.settle(tenant, job, submitted, await this.call(tenant, job, submitted));
      case 'unknown':
        return this.doubt(tenant, job, 'a process ended during the call');
      case undefined:
        return this.jobs.drop(tenant, job);
      case 'ended':
      case 'gone':
        return undefined;
    }
  }

  /** Whatever goes wrong here may have gone wrong after the provider had it. */
  private async call(tenant: Tenant, { id }: DueJob, submitted: Submitted): Promise<SendOutcome> {
    try {
      return await this.provider.send(tenant, textOf(id, submitted));
    } catch (error) {
      return { kind: 'unknown', why: (error as Error).message };
    }
  }

  private async settle(tenant: Tenant, job: DueJob, submitted: Submitted, outcome: SendOutcome): Promise<void> {
    const { segments, encoding } = segmentsOf(submitted.body);
    const computed = { computedSegments: segments, encoding };
    switch (outcome.kind) {
      case 'accepted': {
        const { providerMessageId, status } = outcome;
        const now = await this.deliveries.move(tenant, job.id, status, { providerMessageId, ...computed });
        const [first] = this.provider.pollsAfterSeconds;
        return now && !isFinal(now.status) && first !== undefined
          ? this.jobs.create(tenant, job, 'poll', first)
          : undefined;
      }
      case 'refused': {
        const { kind: _, ...failure } = outcome;
        return this.reports.report(tenant, job.id, { status: 'failed', ...failure });
      }
      case 'later':
        return this.callAgain(tenant, job, outcome);
      case 'unknown':
        return this.doubt(tenant, job, outcome.why);
    }
  }

  private async callAgain(
    tenant: Tenant,
    job: DueJob,
    { retryAfter, providerCode, errorText }: { readonly retryAfter: number | null } & Failure,
  ): Promise<void> {
    const seconds = nextCallInSeconds(job.tries, retryAfter, Math.random());
    if (seconds !== null) {
      return this.jobs.callAgain(tenant, job, seconds);
    }
    const failure = { errorCode: 'provider_unreachable', providerCode, errorText };
    await this.deliveries.move(tenant, job.id, 'failed', failure);
  }

  private async doubt(tenant: Tenant, job: DueJob, why: string): Promise<void> {
    this.logger.warn(`What came of a call to a provider is not known: ${why}`);
    await this.jobs.doubt(tenant, job, nextLookInSeconds(0)!);
  }

  /** Found: it went out. Not found, however often it was looked for: nobody knows, and it is not sent again. */
  private async reconcile(tenant: Tenant, job: DueJob): Promise<void> {
    const subject = await this.jobs.find(tenant, job.id);
    if (!subject || subject.providerMessageId !== null) {
      return this.jobs.drop(tenant, job);
    }
    const providerMessageId = await this.provider.find(tenant, textOf(job.id, subject));
    if (providerMessageId !== null) {
      await this.deliveries.move(tenant, job.id, 'sending', { providerMessageId });
      return this.jobs.create(tenant, job, 'poll', 0);
    }
    const seconds = nextLookInSeconds(job.tries + 1);
    if (seconds !== null) {
      return this.jobs.lookAgain(tenant, job, seconds);
    }
    await this.deliveries.move(tenant, job.id, 'failed', { errorCode: 'outcome_unknown' });
  }

  private async poll(tenant: Tenant, job: DueJob): Promise<void> {
    const subject = await this.jobs.find(tenant, job.id);
    if (!subject || subject.providerMessageId === null) {
      return this.jobs.drop(tenant, job);
    }
    const report = await this.provider.status(tenant, textOf(job.id, subject), subject.providerMessageId);
    if (report) {
      await this.reports.report(tenant, job.id, report);
    }
    const next = this.provider.pollsAfterSeconds[job.tries + 1];
    return next === undefined || (report && isFinal(report.status))
      ? this.jobs.drop(tenant, job)
      : this.jobs.lookAgain(tenant, job, next);
  }
}

function textOf(id: string, { from, to, body, attempts }: Omit<OutboundText, 'id'>): OutboundText {
  return { id, from, to, body, attempts };
}
