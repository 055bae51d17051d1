import { ApiSchema } from '@nestjs/swagger';
import { ShownMoment } from '../../../platform/common/openapi/shown-moment.js';
import { Shown } from '../../../platform/common/openapi/shown.js';
import { ShownNumber, ShownUuid } from '../http/shown-ids.js';

@ApiSchema({ description: 'The campaign that a mail is of.' })
export class ReadCampaignDto {
  @ShownNumber('The id of the campaign.')
  readonly id!: number;

  @ShownUuid()
  readonly uuid!: string;

  @Shown({ type: String, maxLength: 255, example: 'April Promo', description: 'Its name.' })
  readonly name!: string;
}

@ApiSchema({ description: 'Who got a mail of a campaign, and what they did with it.' })
export class CampaignReaderDto {
  @ShownUuid()
  readonly uuid!: string;

  @Shown({ type: ReadCampaignDto, description: 'The campaign that the mail is of.' })
  readonly campaign!: ReadCampaignDto;

  @ShownNumber('The id of the contact; null once it was erased.', { nullable: true })
  readonly contact_id!: number | null;

  @Shown({
    ...{ type: String, maxLength: 255, nullable: true, example: 'anna@example.com' },
    description: 'The address that the mail went to; null once its contact was erased.',
  })
  readonly email!: string | null;

  @ShownMoment({ nullable: true, description: 'When its server took the mail.' })
  readonly sent_at!: string | null;

  @ShownMoment({ nullable: true, description: 'When a person first opened it.' })
  readonly opened_at!: string | null;

  @ShownMoment({ nullable: true, description: 'When a person first followed a link in it.' })
  readonly clicked_at!: string | null;

  @ShownMoment({ nullable: true, description: 'When they wanted no more of them.' })
  readonly unsubscribed_at!: string | null;
}
