import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiExtension, ApiParam, ApiTags } from '@nestjs/swagger';
import { ConversationMergesService } from '../../../engagement/conversations/conversation-merges.service.js';
import { RatingsService } from '../../../engagement/ratings/ratings.service.js';
import { notFound } from '../../../platform/common/errors/refusal.js';
import type { ObjectRef } from '../../../platform/common/ids/object-ref.js';
import { Operation } from '../../../platform/common/openapi/operation.js';
import { CurrentTenant, ForStrangers } from '../../../platform/common/tenancy/access.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { Allows } from '../http/allows.js';
import { Answers, data, type Data } from '../http/answers.js';
import { sentenceOf } from '../http/engagement-errors.js';
import { LeadsOn } from '../http/leads-on.js';
import { MISSING_SENTENCE, ObjectParam } from '../http/object-param.js';
import { ConversationRatingDto, GivenRatingDto, GiveRatingDto } from './rating.dto.js';
import { presentConversationRating, presentGivenRating } from './ratings.presenter.js';

/** What the link carries. */
const TOKEN = ApiParam({
  name: 'token',
  description: 'The end of the link.',
  schema: { type: 'string', pattern: '^[A-Za-z0-9_-]{76}$', example: 'A'.repeat(76) },
});
const MISSING = ApiExtension(MISSING_SENTENCE, sentenceOf(notFound('rating')));

@ApiTags('conversations')
@Controller('api/v1/conversations')
export class RatingsController {
  constructor(private readonly ratings: RatingsService) {}

  @Get('ratings/:token')
  @ForStrangers()
  @TOKEN
  @MISSING
  @Operation('Retrieve rating by link', { id: 'getGivenRating', description: 'What was said by this link so far.' })
  @Answers(GivenRatingDto, { description: 'The rating.' })
  async getGiven(@Param('token') token: string): Promise<Data<GivenRatingDto>> {
    return data(presentGivenRating(await this.ratings.get(token)));
  }

  @Post('ratings/:token')
  @HttpCode(200)
  @ForStrangers()
  @TOKEN
  @MISSING
  @Operation('Rate conversation', {
    id: 'rateConversation',
    description: 'For the contact, whose link is all it needs. Once for each closing: again replaces what was said.',
  })
  @Answers(GivenRatingDto, { description: 'The rating.' })
  async rate(@Param('token') token: string, @Body() { score, comment }: GiveRatingDto): Promise<Data<GivenRatingDto>> {
    return data(presentGivenRating(await this.ratings.rate(token, score, comment ?? null)));
  }

  @Get(':id/rating')
  @Allows('conversations', 'viewer')
  @Operation('Retrieve rating', {
    id: 'getRating',
    description:
      'Of the newest time the conversation was closed, with the link for its contact, which is yours to send. 404 if it was closed while the workspace did not ask for ratings.',
    refuses: [404],
  })
  @LeadsOn(ConversationMergesService, 'channel')
  @Answers(ConversationRatingDto, { description: 'The rating.' })
  async get(
    @CurrentTenant() tenant: Tenant,
    @ObjectParam('rating', { typeId: 'channel' }) id: ObjectRef,
  ): Promise<Data<ConversationRatingDto>> {
    return data(presentConversationRating(await this.ratings.getNewest(tenant, id)));
  }
}
