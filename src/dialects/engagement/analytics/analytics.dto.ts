import { ApiSchema } from '@nestjs/swagger';
import {
  DAILY_METRICS,
  MAX_DAYS,
  PERIODS,
  type DailyMetric,
  type Period,
} from '../../../engagement/analytics/analytics.service.js';
import { MAX_SCORE } from '../../../engagement/ratings/rating.entity.js';
import { Day } from '../../../platform/common/fields/day.js';
import { Choice } from '../../../platform/common/fields/fields.js';
import { Shown, ShownCount } from '../../../platform/common/openapi/shown.js';
import { ShownNumber } from '../http/shown-ids.js';

export class PeriodQueryDto {
  @Choice(PERIODS, { optional: true, description: 'The days that end today, in UTC; `30d` if left out.' })
  readonly period?: Period | null;

  @Day({
    excludes: 'period',
    description: 'Instead of `period`: the first day, in UTC; 30 days with the last if left out.',
  })
  readonly from?: string | null;

  @Day({
    excludes: 'period',
    description: `Instead of \`period\`: the last day, in UTC; today if left out. At most ${MAX_DAYS} days with the first.`,
  })
  readonly to?: string | null;
}

export class DailyQueryDto extends PeriodQueryDto {
  @Choice(DAILY_METRICS, {
    description: 'What is told: conversations begun or closed, replies of users, or new contacts.',
  })
  readonly metric!: DailyMetric;
}

const DAY = { type: String, format: 'date' } as const;
/** Two decimals. */
const average = (description: string) =>
  Shown({ type: Number, nullable: true, minimum: 0, example: 4.25, description: `${description}; null of nothing.` });

const Satisfaction = (description: string) =>
  Shown({
    ...{ type: Number, nullable: true, minimum: 1, maximum: MAX_SCORE, example: 4.6 },
    description: `${description}, from 1 to ${MAX_SCORE} on average; null of nothing. A rating counts on the day it was given.`,
  });

@ApiSchema({ name: 'AnalyticsPeriod', description: 'Days in UTC, both included.' })
export class AnalyticsPeriodDto {
  @Shown({ ...DAY, example: '2026-10-23', description: 'The first day.' })
  readonly from!: string;

  @Shown({ ...DAY, example: '2026-11-21', description: 'The last day.' })
  readonly to!: string;
}

@ApiSchema({ name: 'ConversationStats', description: 'What became of conversations.' })
export class ConversationStatsDto {
  @ShownCount({ example: 120, description: 'Conversations that began in the period.' })
  readonly total!: number;

  @ShownCount({ example: 14, description: 'Conversations that are open now.' })
  readonly open!: number;

  @ShownCount({ example: 112, description: 'How often one was closed in the period.' })
  readonly closed!: number;

  @average('Hours until they were closed, since each began or was opened again')
  readonly avg_resolution_hours!: number | null;

  @average('Minutes that contacts waited for the first answer')
  readonly avg_first_response_minutes!: number | null;

  @Satisfaction('How contacts rated them')
  readonly satisfaction_score!: number | null;
}

@ApiSchema({ name: 'ContactStats', description: 'How many contacts there are.' })
export class ContactStatsDto {
  @ShownCount({ example: 3400, description: 'All of them, now.' })
  readonly total!: number;

  @ShownCount({ example: 85, description: 'Those made in the period, erased ones too.' })
  readonly new_this_period!: number;
}

@ApiSchema({
  name: 'CampaignStats',
  description: 'What became of the mails of campaigns that were sent in the period.',
})
export class CampaignStatsDto {
  @ShownCount({ example: 95, description: 'How many were sent.' })
  readonly sent!: number;

  @average('How many of a hundred that did not come back a person opened')
  readonly avg_open_rate!: number | null;

  @average('Of how many of a hundred that did not come back a person followed a link')
  readonly avg_click_rate!: number | null;
}

@ApiSchema({ name: 'AiStats', description: 'What models wrote.' })
export class AiStatsDto {
  @ShownCount({ example: 64, description: 'Replies that were generated.' })
  readonly replies_generated!: number;

  @ShownCount({ example: 48_210, description: 'Tokens that were used.' })
  readonly tokens_used!: number;
}

const COST = 'What it cost by the prices of the time, in millionths of a unit of money.';

@ApiSchema({ name: 'AiModelStats', description: 'What a model did.' })
export class AiModelStatsDto {
  @Shown({ type: String, maxLength: 200, example: 'gpt-4.1-mini', description: 'The model.' })
  readonly model!: string;

  @ShownCount({ example: 70, description: 'How often it was asked.' })
  readonly calls!: number;

  @ShownCount({ example: 2, description: 'How often nothing came of it.' })
  readonly failed!: number;

  @ShownCount({ example: 40_000, description: 'Tokens that it was told.' })
  readonly tokens_in!: number;

  @ShownCount({ example: 8_210, description: 'Tokens that it said.' })
  readonly tokens_out!: number;

  @ShownCount({ example: 11_000, description: COST })
  readonly cost!: number;
}

@ApiSchema({ name: 'AiAnalytics', description: 'What models did, and what that cost.' })
export class AiAnalyticsDto extends AiStatsDto {
  @ShownCount({ example: 41, description: 'Those of them that were sent: replies that named their `ai_reply_id`.' })
  readonly replies_used!: number;

  @ShownCount({ example: 12, description: 'Texts whose sentiment was analysed, locally too.' })
  readonly sentiment_analyses!: number;

  @ShownCount({ example: 40_000, description: 'Tokens that models were told, also where nothing came of it.' })
  readonly tokens_in!: number;

  @ShownCount({ example: 8_210, description: 'Tokens that they said.' })
  readonly tokens_out!: number;

  @ShownCount({ example: 11_000, description: COST })
  readonly cost!: number;

  @average('Milliseconds that an answer took')
  readonly avg_response_ms!: number | null;

  @Shown({ type: [AiModelStatsDto], description: 'The same of each model, most used first.' })
  readonly by_model!: readonly AiModelStatsDto[];
}

@ApiSchema({
  name: 'AnalyticsOverview',
  description: 'How much happened in a workspace. What was deleted since counts.',
})
export class AnalyticsOverviewDto {
  @Shown({ type: AnalyticsPeriodDto, description: 'What it tells of.' })
  readonly period!: AnalyticsPeriodDto;

  @Shown({ type: ConversationStatsDto, description: 'Of conversations.' })
  readonly conversations!: ConversationStatsDto;

  @Shown({ type: ContactStatsDto, description: 'Of contacts.' })
  readonly contacts!: ContactStatsDto;

  @Shown({ type: CampaignStatsDto, description: 'Of campaigns.' })
  readonly campaigns!: CampaignStatsDto;

  @Shown({ type: AiStatsDto, description: 'Of models.' })
  readonly ai!: AiStatsDto;
}

@ApiSchema({ name: 'TeamMemberStats', description: 'What a user did in the period.' })
export class TeamMemberStatsDto {
  @ShownNumber('The id of the user.')
  readonly user_id!: number;

  @Shown({ type: String, maxLength: 255, example: 'Mia', description: 'The name of the user.' })
  readonly name!: string;

  @ShownCount({
    example: 40,
    description:
      'How often a conversation was closed that was assigned to the user, or that the user closed if it was nobody’s.',
  })
  readonly conversations_handled!: number;

  @ShownCount({ example: 95, description: 'Messages that the user wrote.' })
  readonly replies!: number;

  @average('Minutes from the first message of a contact that nobody had answered to the user’s reply')
  readonly avg_response_minutes!: number | null;

  @Satisfaction('How contacts rated the conversations that the user handled')
  readonly satisfaction_score!: number | null;
}

@ApiSchema({ name: 'DayCount', description: 'How many there were on a day.' })
export class DayCountDto {
  @Shown({ ...DAY, example: '2026-11-21', description: 'The day, in UTC.' })
  readonly date!: string;

  @ShownCount({ example: 12, description: 'How many; 0 of nothing.' })
  readonly value!: number;
}
