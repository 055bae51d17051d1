import { ApiSchema } from '@nestjs/swagger';
import { ShownMoment } from '../../../platform/common/openapi/shown-moment.js';
import { Shown, ShownCount } from '../../../platform/common/openapi/shown.js';
import { CampaignCountsDto } from './campaign.dto.js';
import { ShownRate } from './shown-fields.js';

@ApiSchema({ description: 'What happened to a campaign in an hour.' })
export class CampaignHourDto {
  @ShownMoment({ description: 'When the hour began.' })
  readonly hour!: string;

  @ShownCount({ example: 60, description: 'Mails that were sent.' })
  readonly sent!: number;

  @ShownCount({ example: 20, description: 'People who opened one for the first time.' })
  readonly opened!: number;

  @ShownCount({ example: 5, description: 'People who followed a link for the first time.' })
  readonly clicked!: number;
}

@ApiSchema({ description: 'How often a link of a campaign was followed.' })
export class CampaignLinkDto {
  @Shown({ type: String, maxLength: 524_288, example: 'https://acme.com/april', description: 'Where it leads.' })
  readonly url!: string;

  @ShownCount({ example: 5, description: 'People who followed it.' })
  readonly clicks!: number;
}

@ApiSchema({ description: 'What became of one variant of an A/B test.' })
export class CampaignVariantCountsDto {
  @Shown({ type: String, maxLength: 1, example: 'A', description: 'What it is called.' })
  readonly letter!: string;

  @ShownCount({ example: 10, description: 'Per cent of the recipients that it is tried on.' })
  readonly share!: number;

  @ShownCount({ example: 10, description: 'How many contacts it is for.' })
  readonly recipients_count!: number;

  @ShownCount({ example: 9, description: 'Mails that were sent, those that came back included.' })
  readonly sent_count!: number;

  @ShownCount({ example: 1, description: 'Mails that came back.' })
  readonly bounced_count!: number;

  @ShownCount({ example: 4, description: 'People who opened it.' })
  readonly opened_count!: number;

  @ShownCount({ example: 2, description: 'People who followed a link.' })
  readonly clicked_count!: number;

  @ShownRate('opened by a person')
  readonly open_rate!: number;

  @ShownRate('followed by a person')
  readonly click_rate!: number;
}

@ApiSchema({ description: 'What became of a campaign, by the hour and by link.' })
export class CampaignStatisticsDto extends CampaignCountsDto {
  @Shown({ type: [CampaignHourDto], description: 'The first 2,160 hours in which something happened.' })
  readonly by_hour!: readonly CampaignHourDto[];

  @Shown({ type: [CampaignLinkDto], description: 'The links, in their order.' })
  readonly by_link!: readonly CampaignLinkDto[];

  @Shown({ type: [CampaignVariantCountsDto], nullable: true, description: 'By variant; null if it is no A/B test.' })
  readonly by_variant!: readonly CampaignVariantCountsDto[] | null;

  @ShownCount({ example: 0, description: 'Those who wait for the winner of an A/B test.' })
  readonly held_count!: number;
}
