import { ApiSchema } from '@nestjs/swagger';
import { Shown } from '../../../platform/common/openapi/shown.js';
import { FromId, PageSize } from '../http/layer-page.js';
import { LayerSenderDto } from '../identities/identity.dto.js';
import { EXAMPLE_UUID, ShownDate, ShownUri, ShownUrl } from '../layer-fields.js';
import { LayerPartDto } from '../messages/layer-message.dto.js';
import { STATUSES, type Nobody, type Status } from '../messages/message-object.js';
import type { AnnouncementObject } from './announcement-object.js';

export class ListAnnouncementsQuery {
  @PageSize()
  readonly pageSize: number = 100;

  @FromId('announcements')
  readonly fromId?: string | null;
}

@ApiSchema({ description: 'An announcement, as the user of the session sees it.' })
export class LayerAnnouncementDto implements AnnouncementObject {
  @ShownUri('announcements', { description: 'The Layer URI of the announcement.' })
  readonly id!: string;

  @ShownUrl(`/layer/announcements/${EXAMPLE_UUID}`, { description: 'Where to GET the announcement.' })
  readonly url!: string;

  @ShownUrl(`/layer/announcements/${EXAMPLE_UUID}/receipts`, { description: 'Where to POST receipts of it.' })
  readonly receipts_url!: string;

  @Shown({
    type: 'integer',
    format: 'int64',
    minimum: 0,
    example: 1_795_219_200_000,
    description: 'A number that rises with each announcement.',
  })
  readonly position!: number;

  @Shown({ type: [LayerPartDto], description: 'The parts of the announcement.' })
  readonly parts!: readonly LayerPartDto[];

  @ShownDate({ description: 'When the announcement was sent.' })
  readonly sent_at!: string;

  @ShownDate({ description: 'When the server received the announcement.' })
  readonly received_at!: string;

  @ShownDate({ description: 'When the announcement was last changed.' })
  readonly updated_at!: string;

  @Shown({ type: LayerSenderDto, description: 'Who sent it: a name only, not an identity.' })
  readonly sender!: LayerSenderDto & Nobody;

  @Shown({ example: true, description: 'Whether the user of the session has yet to read it.' })
  readonly is_unread!: boolean;

  @Shown({
    type: 'object',
    additionalProperties: { type: 'string', enum: [...STATUSES] },
    example: { 'layer:///identities/jane': 'read' },
    description: 'How far it has come with the user of the session.',
  })
  readonly recipient_status!: Readonly<Record<string, Status>>;
}
