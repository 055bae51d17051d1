import { WINNER_MEASURES, type WinnerMeasure } from '../../../engagement/campaigns/campaign.entity.js';
import { LETTERS } from '../../../engagement/campaigns/campaigns.service.js';
import { Choice, Text } from '../../../platform/common/fields/fields.js';
import { Integer } from '../../../platform/common/fields/integer.js';
import { Line } from '../../../platform/common/fields/line.js';
import { NestedList } from '../../../platform/common/fields/nested.js';
import { PassesOver } from '../../../platform/common/fields/read-input.js';
import { RequestSchema } from '../../../platform/common/openapi/shown.js';

export const MAX_BODY = 512 * 1024;

@RequestSchema('One of the mails that an A/B test tries. What is left out is as in the campaign.')
@PassesOver('letter')
class VariantInputDto {
  @Line({ max: 500, optional: true, example: 'Hello!', description: 'The subject.' })
  readonly subject?: string | null;

  @Text({ ...{ name: 'html_body', max: MAX_BODY, optional: true, example: '<p>Hello</p>' }, description: 'The HTML.' })
  readonly htmlBody?: string | null;

  @Text({ ...{ name: 'text_body', max: MAX_BODY, optional: true, example: 'Hello' }, description: 'The text.' })
  readonly textBody?: string | null;

  @Integer({ min: 1, max: 100, example: 10, description: 'Per cent of the recipients that it is tried on.' })
  readonly share!: number;
}

@RequestSchema('What an A/B test tries, and how the winner is found.')
export class AbTestInputDto {
  @NestedList(VariantInputDto, {
    ...{ min: 2, max: LETTERS.length },
    description:
      'Two to five, called A to E in their order. Shares are 100 together at most; the rest gets the winner.',
  })
  readonly variants!: readonly VariantInputDto[];

  @Choice(WINNER_MEASURES, {
    name: 'winner_by',
    description: 'What decides: the people who did so, of those whose mail arrived.',
  })
  readonly winnerBy!: WinnerMeasure;

  @Integer({
    ...{ name: 'winner_after_minutes', min: 1, max: 43_200, example: 240 },
    description: 'How long is waited, once the test has gone out, until the winner is chosen.',
  })
  readonly winnerAfterMinutes!: number;
}

export const VariantField = (description: string, optional = false): PropertyDecorator =>
  Choice(LETTERS, { name: 'variant', optional, description });

@RequestSchema('What has won an A/B test.')
export class ChooseWinnerDto {
  @VariantField('The letter of the variant that everybody else gets.')
  readonly variant!: string;
}
