import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CampaignSendingService } from '../../../engagement/campaigns/campaign-sending.service.js';
import type { CampaignRow } from '../../../engagement/campaigns/campaigns.service.js';
import { Staged } from '../../../platform/common/idempotency/staged.js';
import type { ObjectRef } from '../../../platform/common/ids/object-ref.js';
import { Idempotent, Operation } from '../../../platform/common/openapi/operation.js';
import { CurrentTenant } from '../../../platform/common/tenancy/access.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { Allows } from '../http/allows.js';
import { Answers, data, type Data } from '../http/answers.js';
import { ObjectParam } from '../http/object-param.js';
import { ChooseWinnerDto } from './ab-test-input.dto.js';
import { PreviewCampaignDto, SendCampaignDto, TestCampaignDto } from './campaign-input.dto.js';
import { CampaignDto, CampaignPreviewDto, RetriedCampaignDto, TestedCampaignDto } from './campaign.dto.js';
import { presentCampaign } from './campaigns.presenter.js';

const SAYS = {
  message: {
    ...{ type: 'string', maxLength: 512, example: 'Campaign sending has started.' },
    description: 'What happened, in a sentence.',
  },
};

const OTHER_STATE = { 422: 'Its state is another.' };

type Said = Data<CampaignDto> & { readonly message: string };

@ApiTags('campaigns')
@Controller('api/v1/campaigns')
export class CampaignSendingController {
  constructor(private readonly sending: CampaignSendingService) {}

  @Post(':id/preview')
  @HttpCode(200)
  @Allows('campaigns', 'agent')
  @Operation('Preview campaign', {
    id: 'previewCampaign',
    description: 'What a contact would read. Nothing is sent.',
    says: { 422: 'A field is wrong, or there is nothing to read yet.' },
  })
  @Idempotent()
  @Answers(CampaignPreviewDto, { description: 'What it says.' })
  async preview(
    @CurrentTenant() tenant: Tenant,
    @ObjectParam('campaign') ref: ObjectRef,
    @Body() { contactId, variant }: PreviewCampaignDto,
  ): Promise<Data<CampaignPreviewDto>> {
    return data(await this.sending.preview(tenant, ref, contactId ?? null, variant ?? null));
  }

  @Post(':id/test')
  @Allows('campaigns', 'agent', { limit: 'campaign_send' })
  @Operation('Test campaign', {
    id: 'testCampaign',
    description: 'Mails it to these addresses, marked as a test. It counts nothing, and what it links to does nothing.',
    refuses: [503],
    says: { 422: 'A field is wrong, something is missing, or its server did not take the mail.' },
  })
  @Idempotent({ staged: true })
  @Answers(TestedCampaignDto, { status: 202, description: 'The server of the account has the mails.' })
  test(
    @CurrentTenant() tenant: Tenant,
    @ObjectParam('campaign') ref: ObjectRef,
    @Body() { emails, variant }: TestCampaignDto,
  ): Staged<void, Data<TestedCampaignDto>> {
    return new Staged(
      () => this.sending.test(tenant, ref, emails, variant ?? null),
      () => Promise.resolve(data({ emails: [...new Set(emails)] })),
      undefined,
      true,
    );
  }

  @Post(':id/send')
  @HttpCode(200)
  @Allows('campaigns', 'admin', { limit: 'campaign_send' })
  @Operation('Send campaign', {
    id: 'sendCampaign',
    description:
      'From then on it says what it said and is for whom it was for. Nobody gets it twice, and nobody who unsubscribes before gets it.',
    refuses: [503],
    says: { 422: 'A field is wrong, something is missing, or its state is another.' },
  })
  @Idempotent()
  @Answers(CampaignDto, { description: 'The campaign.', beside: SAYS })
  async send(
    @CurrentTenant() tenant: Tenant,
    @ObjectParam('campaign') ref: ObjectRef,
    @Body() { scheduledAt }: SendCampaignDto,
  ): Promise<Said> {
    const campaign = await this.sending.send(tenant, ref, scheduledAt ?? null);
    return said(campaign, campaign.status === 'scheduled' ? 'Campaign scheduled.' : 'Campaign sending has started.');
  }

  @Post(':id/pause')
  @HttpCode(200)
  @Allows('campaigns', 'admin')
  @Operation('Pause campaign', { id: 'pauseCampaign', description: 'What is on its way arrives.', says: OTHER_STATE })
  @Idempotent()
  @Answers(CampaignDto, { description: 'The campaign.', beside: SAYS })
  async pause(@CurrentTenant() tenant: Tenant, @ObjectParam('campaign') ref: ObjectRef): Promise<Said> {
    return said(await this.sending.pause(tenant, ref), 'Campaign paused.');
  }

  @Post(':id/resume')
  @HttpCode(200)
  @Allows('campaigns', 'admin')
  @Operation('Resume campaign', { id: 'resumeCampaign', description: 'It goes on where it was.', says: OTHER_STATE })
  @Idempotent()
  @Answers(CampaignDto, { description: 'The campaign.', beside: SAYS })
  async resume(@CurrentTenant() tenant: Tenant, @ObjectParam('campaign') ref: ObjectRef): Promise<Said> {
    return said(await this.sending.resume(tenant, ref), 'Campaign resumed.');
  }

  @Post(':id/cancel')
  @HttpCode(200)
  @Allows('campaigns', 'admin')
  @Operation('Cancel campaign', {
    id: 'cancelCampaign',
    description: 'One that is scheduled is a draft again; one that has begun goes no further.',
    says: OTHER_STATE,
  })
  @Idempotent()
  @Answers(CampaignDto, { description: 'The campaign.', beside: SAYS })
  async cancel(@CurrentTenant() tenant: Tenant, @ObjectParam('campaign') ref: ObjectRef): Promise<Said> {
    return said(await this.sending.cancel(tenant, ref), 'Campaign cancelled.');
  }

  @Post(':id/winner')
  @HttpCode(200)
  @Allows('campaigns', 'admin')
  @Operation('Choose winner of campaign', {
    id: 'chooseCampaignWinner',
    description: 'Of an A/B test that has begun, before its time: whoever waits gets it.',
    says: { 422: 'A field is wrong, it has a winner, or its state is another.' },
  })
  @Idempotent()
  @Answers(CampaignDto, { description: 'The campaign.', beside: SAYS })
  async chooseWinner(
    @CurrentTenant() tenant: Tenant,
    @ObjectParam('campaign') ref: ObjectRef,
    @Body() { variant }: ChooseWinnerDto,
  ): Promise<Said> {
    return said(await this.sending.chooseWinner(tenant, ref, variant), 'Winner chosen.');
  }

  @Post(':id/retry-unknown')
  @HttpCode(200)
  @Allows('campaigns', 'admin')
  @Operation('Retry unknown mails of campaign', {
    id: 'retryUnknownMails',
    description: 'Those of which nobody knows whether they were taken are sent once more: some may get it twice.',
    says: OTHER_STATE,
  })
  @Idempotent()
  @Answers(RetriedCampaignDto, { description: 'How many.' })
  async retryUnknown(
    @CurrentTenant() tenant: Tenant,
    @ObjectParam('campaign') ref: ObjectRef,
  ): Promise<Data<RetriedCampaignDto>> {
    return data({ retried: await this.sending.retryUnknown(tenant, ref) });
  }
}

function said(campaign: CampaignRow, message: string): Said {
  return { ...data(presentCampaign(campaign)), message };
}
