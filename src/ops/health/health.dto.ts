import { ApiSchema } from '@nestjs/swagger';
import type { DatabaseState } from './readiness.js';
import { Shown } from '../../platform/common/openapi/shown.js';

@ApiSchema({ description: 'The process runs.' })
export class LivenessDto {
  @Shown({ enum: ['ok'], type: String, description: 'Always `ok`.' })
  readonly status!: 'ok';
}

@ApiSchema({ description: 'The server takes requests.' })
export class ReadinessDto {
  @Shown({ enum: ['ready'], type: String, description: 'Always `ready`.' })
  readonly status!: 'ready';

  @Shown({ enum: ['up'], type: String, description: 'Always `up`: the database answers and has the right schema.' })
  readonly database!: 'up';
}

@ApiSchema({ description: 'Why the server takes no requests.' })
export class NotReadyDto {
  @Shown({ enum: ['unavailable'], type: String, description: 'Always `unavailable`.' })
  readonly status!: 'unavailable';

  @Shown({
    enum: ['up', 'down', 'not_migrated', 'newer_release'],
    type: String,
    example: 'down',
    description:
      '`up` while the process is shutting down, `down` if the database does not answer, `not_migrated` if its schema ' +
      'is missing or older than this release, `newer_release` if its schema is newer.',
  })
  readonly database!: DatabaseState;
}

@ApiSchema({ description: 'Which release the server runs.' })
export class VersionDto {
  @Shown({
    ...{ type: String, pattern: '^\\d+\\.\\d+\\.\\d+', example: '0.1.0' },
    description: 'The version of the release, a semantic version.',
  })
  readonly version!: string;
}
