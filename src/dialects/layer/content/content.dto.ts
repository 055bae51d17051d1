import { ApiSchema } from '@nestjs/swagger';
import { ShownUrl } from '../layer-fields.js';
import { LayerPartContentDto } from '../messages/layer-message.dto.js';
import type { UploadObject } from './content-object.js';

@ApiSchema({ description: 'Uploaded content, or content to upload.' })
export class LayerContentDto extends LayerPartContentDto implements UploadObject {
  @ShownUrl('/files/clt_1/file_1?signature=abc', {
    nullable: true,
    description: 'Where to PUT exactly the announced number of bytes, without a session; null once they are uploaded.',
  })
  readonly upload_url!: string | null;
}
