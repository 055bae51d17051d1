import type { DatabaseState } from './readiness.js';
import { Shown } from '../../platform/common/openapi/operation.js';

export class LivenessDto {
  @Shown({ enum: ['ok'], type: String })
  readonly status!: 'ok';
}

export class ReadinessDto {
  @Shown({ enum: ['ready'], type: String })
  readonly status!: 'ready';

  @Shown({ enum: ['up'], type: String })
  readonly database!: 'up';
}

export class NotReadyDto {
  @Shown({ enum: ['unavailable'], type: String })
  readonly status!: 'unavailable';

  @Shown({
    enum: ['up', 'down', 'not_migrated', 'newer_release'],
    type: String,
    example: 'down',
    description:
      'Up while the process drains before it ends. Not migrated: its schema is an older release’s, or none. ' +
      'Newer release: its schema is one that this release does not know.',
  })
  readonly database!: DatabaseState;
}
