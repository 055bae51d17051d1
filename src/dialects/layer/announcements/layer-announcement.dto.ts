import { Shown } from '../../../platform/common/openapi/operation.js';
import { FromId, PageSize } from '../http/layer-page.js';
import { EXAMPLE_UUID } from '../layer-fields.js';
import { layerUri } from '../layer-id.js';
import { LayerPartDto, LayerSenderDto } from '../messages/layer-message.dto.js';
import { STATUSES, type Nobody, type Status } from '../messages/message-object.js';
import type { AnnouncementObject } from './announcement-object.js';

const MOMENT = { type: String, format: 'date-time', example: '2026-11-21T10:00:00.000Z' } as const;
const URL_TEXT = { type: String, format: 'uri' } as const;

export class ListAnnouncementsQuery {
  @PageSize()
  readonly pageSize: number = 100;

  @FromId('announcements')
  readonly fromId?: string | null;
}

export class LayerAnnouncementDto implements AnnouncementObject {
  @Shown({ example: layerUri('announcements', EXAMPLE_UUID) })
  readonly id!: string;

  @Shown(URL_TEXT)
  readonly url!: string;

  @Shown(URL_TEXT)
  readonly receipts_url!: string;

  @Shown({ type: 'integer', format: 'int64', example: 1_795_219_200_000, description: 'Rises with each announcement.' })
  readonly position!: number;

  @Shown({ type: [LayerPartDto] })
  readonly parts!: readonly LayerPartDto[];

  @Shown(MOMENT)
  readonly sent_at!: string;

  @Shown(MOMENT)
  readonly received_at!: string;

  @Shown(MOMENT)
  readonly updated_at!: string;

  @Shown({ type: LayerSenderDto, description: 'Only a name: it is no identity.' })
  readonly sender!: LayerSenderDto & Nobody;

  @Shown({ example: true })
  readonly is_unread!: boolean;

  @Shown({
    type: 'object',
    additionalProperties: { type: 'string', enum: [...STATUSES] },
    example: { 'layer:///identities/jane': 'read' },
    description: 'How far it has come with whoever asks.',
  })
  readonly recipient_status!: Readonly<Record<string, Status>>;
}
