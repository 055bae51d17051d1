import { Shown } from '../../../platform/common/openapi/operation.js';
import { LayerPartContentDto } from '../messages/layer-message.dto.js';
import type { UploadObject } from './content-object.js';

export class LayerContentDto extends LayerPartContentDto implements UploadObject {
  @Shown({
    type: String,
    format: 'uri',
    nullable: true,
    description: 'Where to PUT as many bytes as were announced, without a session. Null once they are there.',
  })
  readonly upload_url!: string | null;
}
