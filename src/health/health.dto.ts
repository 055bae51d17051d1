import { Shown } from '../common/openapi/operation.js';

export class LiveDto {
  @Shown({ enum: ['ok'], type: String })
  readonly status!: 'ok';
}

export class ReadyDto {
  @Shown({ enum: ['ready'], type: String })
  readonly status!: 'ready';

  @Shown({ enum: ['up'], type: String })
  readonly database!: 'up';
}

export class UnavailableDto {
  @Shown({ enum: ['unavailable'], type: String })
  readonly status!: 'unavailable';

  @Shown({
    enum: ['up', 'down'],
    type: String,
    example: 'down',
    description: 'Up while the process drains before it ends.',
  })
  readonly database!: 'up' | 'down';
}
