import { ApiSchema } from '@nestjs/swagger';
import { WINNER_MEASURES, type WinnerMeasure } from '../../../engagement/campaigns/campaign.entity.js';
import { Shown, ShownCount } from '../../../platform/common/openapi/shown.js';
import { ShownText } from './shown-fields.js';

@ApiSchema({ description: 'One of the mails that an A/B test tries. What is null is as in the campaign.' })
export class CampaignVariantDto {
  @Shown({ type: String, maxLength: 1, example: 'A', description: 'What it is called.' })
  readonly letter!: string;

  @ShownText(500, 'Hello!', 'The subject.')
  readonly subject!: string | null;

  @ShownText(524_288, null, 'The HTML.')
  readonly html_body!: string | null;

  @ShownText(524_288, null, 'The text.')
  readonly text_body!: string | null;

  @ShownCount({ example: 10, description: 'Per cent of the recipients that it is tried on.' })
  readonly share!: number;
}

@ApiSchema({ description: 'What an A/B test tries, and how the winner is found.' })
export class CampaignAbTestDto {
  @Shown({ type: [CampaignVariantDto], description: 'By letter.' })
  readonly variants!: readonly CampaignVariantDto[];

  @Shown({ type: String, enum: [...WINNER_MEASURES], example: 'clicks', description: 'What decides.' })
  readonly winner_by!: WinnerMeasure;

  @ShownCount({ example: 240, description: 'How many minutes are waited once the test has gone out.' })
  readonly winner_after_minutes!: number;
}
