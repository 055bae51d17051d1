import { Body, Controller, Delete, Get, Patch, Post, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { AskedAudience } from '../../../engagement/campaigns/audiences.service.js';
import { CampaignsService, type AbTest, type CampaignChange } from '../../../engagement/campaigns/campaigns.service.js';
import { RecipientListsService } from '../../../engagement/campaigns/recipient-lists.service.js';
import { invalid } from '../../../platform/common/errors/refusal.js';
import type { ObjectRef } from '../../../platform/common/ids/object-ref.js';
import { Idempotent, Operation } from '../../../platform/common/openapi/operation.js';
import { CurrentTenant } from '../../../platform/common/tenancy/access.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { Allows } from '../http/allows.js';
import { Answers, AnswersNothing, data, type Data } from '../http/answers.js';
import { AnswersListPageOf, ListPage } from '../http/list-page.js';
import { sliceIn } from '../http/list-query.js';
import { ObjectParam } from '../http/object-param.js';
import { CreateCampaignDto, ListCampaignsQuery, ListRecipientsQuery, UpdateCampaignDto } from './campaign-input.dto.js';
import { CampaignStatisticsDto } from './campaign-statistics.dto.js';
import { CampaignAudienceDto, CampaignDto, CampaignRecipientDto, CampaignSummaryDto } from './campaign.dto.js';
import {
  presentCampaign,
  presentCampaignSummary,
  presentCounts,
  presentRecipient,
  presentVariant,
} from './campaigns.presenter.js';

const DEFAULT_SORT = 'created_at';
const NOT_EDITABLE = { 422: 'A field is wrong, or it is neither a draft nor scheduled.' };

@ApiTags('campaigns')
@Controller('api/v1/campaigns')
export class CampaignsController {
  constructor(
    private readonly campaigns: CampaignsService,
    private readonly recipients: RecipientListsService,
  ) {}

  @Get()
  @Allows('campaigns', 'viewer')
  @Operation('List campaigns', { description: 'Newest first, unless something else is asked for.' })
  @AnswersListPageOf(CampaignSummaryDto)
  async list(
    @CurrentTenant() tenant: Tenant,
    @Query() query: ListCampaignsQuery,
  ): Promise<ListPage<CampaignSummaryDto>> {
    const { status, type, search } = query;
    const order = { sort: query.sortBy ?? DEFAULT_SORT, direction: query.sortDir };
    const page = await this.campaigns.list(tenant, { status, type, search }, order, sliceIn(query, DEFAULT_SORT));
    return new ListPage(page.items.map(presentCampaignSummary), query, page);
  }

  @Post()
  @Allows('campaigns', 'agent')
  @Operation('Create campaign', { description: 'A draft: nothing is sent until it is.' })
  @Idempotent()
  @Answers(CampaignDto, { status: 201, description: 'The new campaign.' })
  async create(@CurrentTenant() tenant: Tenant, @Body() body: CreateCampaignDto): Promise<Data<CampaignDto>> {
    return data(presentCampaign(await this.campaigns.create(tenant, { ...changeIn(body), name: body.name })));
  }

  @Get(':id')
  @Allows('campaigns', 'viewer')
  @Operation('Retrieve campaign')
  @Answers(CampaignDto, { description: 'The campaign.' })
  async get(@CurrentTenant() tenant: Tenant, @ObjectParam('campaign') ref: ObjectRef): Promise<Data<CampaignDto>> {
    return data(presentCampaign(await this.campaigns.get(tenant, ref)));
  }

  @Put(':id')
  @Allows('campaigns', 'agent')
  @Operation('Update campaign', { description: 'A draft, or one that is scheduled.', says: NOT_EDITABLE })
  @Answers(CampaignDto, { description: 'The campaign.' })
  async update(
    @CurrentTenant() tenant: Tenant,
    @ObjectParam('campaign') ref: ObjectRef,
    @Body() body: UpdateCampaignDto,
  ): Promise<Data<CampaignDto>> {
    return data(presentCampaign(await this.campaigns.update(tenant, ref, changeIn(body))));
  }

  @Patch(':id')
  @Allows('campaigns', 'agent')
  @Operation('Update campaign in part', {
    id: 'patchCampaign',
    description: 'The same as with PUT: what is left out stays with both.',
    says: NOT_EDITABLE,
  })
  @Answers(CampaignDto, { description: 'The campaign.' })
  patch(
    @CurrentTenant() tenant: Tenant,
    @ObjectParam('campaign') ref: ObjectRef,
    @Body() body: UpdateCampaignDto,
  ): Promise<Data<CampaignDto>> {
    return this.update(tenant, ref, body);
  }

  @Delete(':id')
  @Allows('campaigns', 'admin')
  @Operation('Delete campaign', {
    description: 'One that is not being sent. What its mails link to goes on working.',
    says: { 422: 'It is being sent.' },
  })
  @AnswersNothing('The campaign is gone.')
  remove(@CurrentTenant() tenant: Tenant, @ObjectParam('campaign') ref: ObjectRef): Promise<void> {
    return this.campaigns.remove(tenant, ref);
  }

  @Get(':id/audience')
  @Allows('campaigns', 'viewer')
  @Operation('Count audience of campaign', {
    id: 'countCampaignAudience',
    description: 'Whom it would reach if it were sent now. Nothing is sent.',
    says: { 422: 'It is for nobody yet.' },
  })
  @Answers(CampaignAudienceDto, { description: 'Whom it would reach.' })
  async audience(
    @CurrentTenant() tenant: Tenant,
    @ObjectParam('campaign') ref: ObjectRef,
  ): Promise<Data<CampaignAudienceDto>> {
    const { matching, withoutEmail, unsubscribed, suppressed, willReceive } = await this.campaigns.countAudience(
      tenant,
      ref,
    );
    // No two contacts of a workspace have one address.
    const others = { without_email: withoutEmail, unsubscribed, suppressed, duplicates: 0 };
    return data({ matching, ...others, will_receive: willReceive });
  }

  @Get(':id/recipients')
  @Allows('campaigns', 'viewer')
  @Operation('List recipients of campaign', { id: 'listCampaignRecipients', description: 'The newest contacts first.' })
  @AnswersListPageOf(CampaignRecipientDto)
  async listRecipients(
    @CurrentTenant() tenant: Tenant,
    @ObjectParam('campaign') ref: ObjectRef,
    @Query() query: ListRecipientsQuery,
  ): Promise<ListPage<CampaignRecipientDto>> {
    const { status, search, sortDir: direction } = query;
    const page = await this.recipients.list(tenant, ref, { status, search }, { ...sliceIn(query), direction });
    return new ListPage(page.items.map(presentRecipient), query, page);
  }

  @Get(':id/stats')
  @Allows('campaigns', 'viewer')
  @Operation('Retrieve statistics of campaign', { id: 'getCampaignStats' })
  @Answers(CampaignStatisticsDto, { description: 'What became of it.' })
  async stats(
    @CurrentTenant() tenant: Tenant,
    @ObjectParam('campaign') ref: ObjectRef,
  ): Promise<Data<CampaignStatisticsDto>> {
    const { campaign, hours, links, variants, held } = await this.recipients.stats(tenant, ref);
    return data({
      ...presentCounts(campaign.counts),
      by_hour: hours.map(({ hour, ...counts }) => ({ hour: hour.toISOString(), ...counts })),
      by_link: links.map(({ url, clicks }) => ({ url, clicks })),
      ...{ by_variant: variants?.map(presentVariant) ?? null, held_count: held },
    });
  }
}

/** What is given: null takes away what a campaign may be without, and else changes nothing. */
function changeIn(body: UpdateCampaignDto): CampaignChange {
  const {
    name,
    subject,
    previewText,
    bodyHtml,
    textBody,
    bodyJson,
    emailAccountId,
    scheduledAt,
    tracking,
    type,
    abTest,
  } = body;
  const { htmlBody = bodyHtml } = body;
  if (bodyHtml !== undefined && bodyHtml !== htmlBody) {
    throw invalid('body_html', 'The body_html field must be the same as html_body.');
  }
  const given = {
    ...{ name: name ?? undefined, subject, previewText, htmlBody, textBody, bodyJson, scheduledAt },
    ...{ type: type ?? undefined, abTest: abTest && testIn(abTest) },
    ...{ account: emailAccountId, audience: audienceIn(body) },
    ...{ tracksOpens: tracking?.opens ?? undefined, tracksClicks: tracking?.clicks ?? undefined },
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

function testIn({ variants, ...others }: NonNullable<UpdateCampaignDto['abTest']>): AbTest {
  const given = variants.map(({ subject = null, htmlBody = null, textBody = null, share }) => ({
    ...{ subject, htmlBody, textBody, share },
  }));
  return { ...others, variants: given };
}

function segmentIn({ audienceId, segmentId }: UpdateCampaignDto): AskedAudience['segment'] {
  if (audienceId != null) {
    return { ref: audienceId, field: 'audience_id' };
  }
  return segmentId == null ? null : { ref: segmentId, field: 'segment_id' };
}

/** Null: it is for nobody yet. Undefined: that stays. */
function audienceIn(body: UpdateCampaignDto): AskedAudience | null | undefined {
  const { audienceType, tagIds: tags, filter, contactIds: contacts } = body;
  const segment = segmentIn(body);
  const type =
    audienceType ??
    (segment != null
      ? 'segment'
      : tags != null
        ? 'tags'
        : filter != null
          ? 'filter'
          : contacts != null
            ? 'contacts'
            : null);
  return type === null ? (audienceType === undefined ? undefined : null) : { type, segment, tags, filter, contacts };
}
