import { Injectable, Logger } from '@nestjs/common';
import { now } from '../../platform/common/clock.js';
import { textAttempts } from '../../platform/common/metrics.js';
import type { Tenant } from '../../platform/common/tenancy/tenant.js';
import { isFinal } from '../deliveries/delivery-status.js';
import { DeliveriesRepository, type Submitted } from '../deliveries/deliveries.repository.js';
import { DeliveriesService } from '../deliveries/deliveries.service.js';
import { MAX_BODY_UNITS, segmentsOf } from '../deliveries/segments.js';
import { InboundMedia } from '../inbound/inbound-media.service.js';
import { InboundService } from '../inbound/inbound.service.js';
import { MediaService } from '../media/media.service.js';
import { OutboundMedia } from '../media/outbound-media.js';
import type { ConnectionRow } from '../providers/carrier.js';
import { Connections } from '../providers/connections.js';
import type { Failure, MessageProvider, OutboundText, SendOutcome, Turn } from '../providers/provider.js';
import { ProvidersService } from '../providers/providers.service.js';
import { CodeSender } from '../verification/code-sender.js';
import { Acceptances } from './acceptances.js';
import { JobsRepository, type DueJob } from './jobs.repository.js';
import type { Together } from './submissions.js';
import { nextCallInSeconds, nextFetchInSeconds, nextLookInSeconds } from './waits.js';

const TOO_LONG = {
  kind: 'refused',
  errorCode: 'body_too_long',
  errorText: `A text message has at most ${MAX_BODY_UNITS} characters`,
} as const satisfies SendOutcome;
const NO_MEDIA = {
  kind: 'refused',
  errorCode: 'media_failed',
  errorText: 'The provider does not take the media',
} as const;
const ACCOUNT_ERRORS = ['provider_auth', 'account_suspended'];

/** Does what is to be done for deliveries. Nothing is ever sent a second time on a guess. */
@Injectable()
export class DeliveryDispatcher {
  private readonly logger = new Logger('Delivery');

  constructor(
    private readonly jobs: JobsRepository,
    private readonly acceptances: Acceptances,
    private readonly deliveries: DeliveriesRepository,
    private readonly reports: DeliveriesService,
    private readonly providers: ProvidersService,
    private readonly connections: Connections,
    private readonly codes: CodeSender,
    private readonly media: MediaService,
    private readonly outbound: OutboundMedia,
    private readonly inboundMedia: InboundMedia,
    private readonly inbound: InboundService,
  ) {}

  /** Should this process die meanwhile, the job is due again when its lease ends. */
  do(job: DueJob, together?: Promise<Together>): Promise<void> {
    const tenant = { clientId: job.clientId, livemode: job.livemode };
    switch (job.kind) {
      case 'send':
        return this.send(tenant, job, together);
      case 'reconcile':
        return this.reconcile(tenant, job);
      case 'poll':
        return this.poll(tenant, job);
      case 'verify':
        return this.verify(tenant, job);
      case 'fetch_media':
        return this.fetchMedia(tenant, job);
    }
  }

  /** Its turn comes before the point of no return: what waits has not been called for, whatever becomes of this process. */
  private async send(tenant: Tenant, job: DueJob, together?: Promise<Together>): Promise<void> {
    const submitted = (await together)?.get(job.id);
    if (submitted) {
      return this.call(tenant, job, submitted, null);
    }
    const turn = await this.connections.turn(tenant);
    if (turn === 'later') {
      return this.jobs.putBack(tenant, job);
    }
    try {
      await this.submit(tenant, job, turn);
    } finally {
      turn?.end();
    }
  }

  private async submit(tenant: Tenant, job: DueJob, turn: Turn | null): Promise<void> {
    const submitted = await this.deliveries.submit(tenant, job.id, job.attempts);
    switch (submitted?.answer) {
      case 'go':
        return this.call(tenant, job, submitted, turn);
      case 'unknown':
        return this.doubtOrRepeat(tenant, job, submitted.provider);
      case undefined:
        return this.jobs.drop(tenant, job);
      case 'ended':
      case 'gone':
        return undefined;
    }
  }

  /** At most once: whoever gets no code asks for another. */
  private async verify(tenant: Tenant, job: DueJob): Promise<void> {
    await this.jobs.drop(tenant, job);
    await this.codes.send(tenant, job.id);
  }

  private async call(tenant: Tenant, job: DueJob, submitted: Submitted, turn: Turn | null): Promise<void> {
    const provider = await this.reach(tenant, submitted.provider ?? (await this.providers.get(tenant)));
    if (!provider) {
      return this.callAgain(tenant, job, { retryAfter: null, errorCode: 'provider_unreachable' });
    }
    // Another provider may have taken the place of the one whose turn it is.
    const sender = turn && turn.providerId === submitted.provider?.id ? turn : provider;
    const outcome = this.obstacleOf(submitted) ?? (await this.outcomeOf(tenant, job, submitted, sender));
    return this.settle(tenant, job, submitted, provider, outcome);
  }

  /** What no provider is asked to carry, whichever API said it. */
  private obstacleOf(submitted: Submitted): SendOutcome | null {
    if (submitted.body.length > MAX_BODY_UNITS) {
      return TOO_LONG;
    }
    return submitted.files.length > 0 && !this.carries(submitted) ? NO_MEDIA : null;
  }

  /** Whether its provider takes as many bytes of files. What was accepted with media does; others say what they like. */
  private carries({ provider, files }: Submitted): boolean {
    const most = this.outbound.maxBytesOf(provider?.kind ?? 'simulator');
    return most !== null && files.reduce((sum, { size }) => sum + size, 0) <= most;
  }

  /** Null where there is no way to it: then it was not called either. */
  private async reach(tenant: Tenant, row: ConnectionRow): Promise<MessageProvider | null> {
    try {
      return await this.connections.of(tenant, row);
    } catch (error) {
      this.logger.error(error);
      await this.providers.noteError(tenant, row.id, 'Its settings can not be read: they have to be set again');
      return null;
    }
  }

  /** Whatever goes wrong here may have gone wrong after the provider had it. */
  private async outcomeOf(
    tenant: Tenant,
    { id }: DueJob,
    submitted: Submitted,
    provider: Pick<MessageProvider, 'send'>,
  ): Promise<SendOutcome> {
    try {
      const [signed] = await this.media.sign(tenant, [{ id, files: submitted.files }]);
      return await provider.send(tenant, { ...textOf(id, submitted), media: signed!.media });
    } catch (error) {
      return { kind: 'unknown', why: (error as Error).message };
    }
  }

  private async settle(
    tenant: Tenant,
    job: DueJob,
    submitted: Submitted,
    provider: MessageProvider,
    outcome: SendOutcome,
  ): Promise<void> {
    textAttempts.inc({ provider: submitted.provider?.kind ?? 'simulator', outcome: outcome.kind });
    switch (outcome.kind) {
      case 'accepted': {
        const { providerMessageId, status } = outcome;
        const { segments, encoding } = segmentsOf(submitted.body);
        const computedSegments = submitted.files.length > 0 ? 1 : segments;
        const [pollAfter = null] = provider.pollsAfterSeconds;
        const { id, channelId, position } = job;
        const accepted = { id, channelId, position, status, providerMessageId, computedSegments, encoding, pollAfter };
        return this.acceptances.note(tenant, accepted);
      }
      case 'refused': {
        const { kind: _, ...failure } = outcome;
        await this.noteAccountError(tenant, submitted.provider, failure);
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
    { retryAfter, errorCode: why, providerCode, errorText }: { readonly retryAfter: number | null } & Failure,
  ): Promise<void> {
    const seconds = nextCallInSeconds(job.tries, retryAfter, Math.random());
    if (seconds !== null) {
      return this.jobs.callAgain(tenant, job, seconds);
    }
    const errorCode = why === 'outcome_unknown' ? why : 'provider_unreachable';
    const failure = { errorCode, providerCode, errorText };
    await this.deliveries.move(tenant, job.id, 'failed', failure);
  }

  /** A process ended during a call. */
  private async doubtOrRepeat(tenant: Tenant, job: DueJob, row: ConnectionRow | null): Promise<void> {
    const provider = row && (await this.reach(tenant, row));
    return provider?.isIdempotent
      ? this.jobs.callAgain(tenant, job, 0)
      : this.doubt(tenant, job, 'a process ended during the call');
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
    const since = subject.submittedAt ?? now();
    const found = await this.ask(tenant, subject.provider, (provider) =>
      provider.find(tenant, textOf(job.id, subject), since),
    );
    for (const providerMessageId of found ?? []) {
      if (await this.deliveries.adopt(tenant, job, providerMessageId)) {
        return;
      }
    }
    const seconds = nextLookInSeconds(job.tries + 1);
    if (seconds !== null) {
      return this.jobs.lookAgain(tenant, job, seconds);
    }
    await this.deliveries.move(tenant, job.id, 'failed', { errorCode: 'outcome_unknown' });
  }

  private async poll(tenant: Tenant, job: DueJob): Promise<void> {
    const subject = await this.jobs.find(tenant, job.id);
    const { provider: row = null, providerMessageId = null } = subject ?? {};
    const provider = row && (await this.reach(tenant, row));
    if (!subject || providerMessageId === null || !provider) {
      return this.jobs.drop(tenant, job);
    }
    const report = await this.ask(tenant, row, () =>
      provider.status(tenant, textOf(job.id, subject), providerMessageId),
    );
    if (report) {
      await this.reports.report(tenant, job.id, report);
    }
    const next = provider.pollsAfterSeconds[job.tries + 1];
    return next === undefined || (report && isFinal(report.status))
      ? this.jobs.drop(tenant, job)
      : this.jobs.lookAgain(tenant, job, next);
  }

  /** The message is made when its files are here, or after the last try without those that did not come. */
  private async fetchMedia(tenant: Tenant, job: DueJob): Promise<void> {
    const subject = await this.jobs.find(tenant, job.id);
    if (!subject || job.media === null) {
      return this.jobs.drop(tenant, job);
    }
    const { body } = job.media;
    const provider = subject.provider && (await this.reach(tenant, subject.provider));
    const media = await this.inboundMedia.fetch(tenant, job.media.media, provider);
    const seconds = nextFetchInSeconds(job.tries);
    return seconds === null || media.every(({ fileId }) => fileId !== undefined)
      ? this.inbound.complete(tenant, job.id, { body, media })
      : this.jobs.fetchAgain(tenant, job, { body, media }, seconds);
  }

  /** Null where it does not answer: then it is asked again at the next look, if there is one. */
  private async ask<T>(
    tenant: Tenant,
    row: ConnectionRow | null,
    question: (provider: MessageProvider) => Promise<T>,
  ): Promise<T | null> {
    const provider = row && (await this.reach(tenant, row));
    try {
      return provider && (await question(provider));
    } catch (error) {
      this.logger.warn(`A provider did not answer: ${(error as Error).message}`);
      return null;
    }
  }

  /** What is wrong with the account is wrong with all that follows. */
  private async noteAccountError(tenant: Tenant, row: ConnectionRow | null, failure: Failure): Promise<void> {
    if (row && ACCOUNT_ERRORS.includes(failure.errorCode)) {
      const why = `A message was refused: ${failure.errorText ?? failure.errorCode}`;
      await this.providers.noteError(tenant, row.id, why);
    }
  }
}

function textOf(id: string, { from, to, body, attempts }: Omit<OutboundText, 'id' | 'media'>): OutboundText {
  return { id, from, to, body, media: [], attempts };
}
