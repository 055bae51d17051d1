import { Body, Controller, Delete, Get, Module, Post, Put, Query } from '@nestjs/common';
import { ApiSchema, ApiTags } from '@nestjs/swagger';
import type { Dialect } from '../../src/dialects/dialect.js';
import { Allows } from '../../src/dialects/engagement/http/allows.js';
import { Answers, AnswersNothing, data } from '../../src/dialects/engagement/http/answers.js';
import { AnswersListPageOf, ListPage } from '../../src/dialects/engagement/http/list-page.js';
import { ListQuery, sliceIn, SortBy } from '../../src/dialects/engagement/http/list-query.js';
import { ObjectParam } from '../../src/dialects/engagement/http/object-param.js';
import { QueryFlag, Search } from '../../src/dialects/engagement/http/query-fields.js';
import { invalidSelection, Ref, RefList } from '../../src/dialects/engagement/http/ref-fields.js';
import { ShownNumber } from '../../src/dialects/engagement/http/shown-ids.js';
import { ReasonedRefusal } from '../../src/platform/common/errors/reasons.js';
import { notFound, Refusal, unfit } from '../../src/platform/common/errors/refusal.js';
import { Text } from '../../src/platform/common/fields/fields.js';
import { PassesOver } from '../../src/platform/common/fields/read-input.js';
import type { ObjectRef } from '../../src/platform/common/ids/object-ref.js';
import { Idempotent, Operation } from '../../src/platform/common/openapi/operation.js';
import { RequestSchema } from '../../src/platform/common/openapi/shown.js';
import { CurrentAuth } from '../../src/platform/common/tenancy/access.js';
import type { AuthContext } from '../../src/platform/common/tenancy/credentials.js';

const COUNT = 60;

@ApiSchema({ description: 'A probe.' })
class ProbeDto {
  @ShownNumber('The id.')
  readonly id!: number;
}

class ProbesQuery extends ListQuery {
  @SortBy(['created_at', 'name'])
  readonly sortBy?: string | null;

  @Search('In the name.')
  readonly search?: string | null;

  @QueryFlag({ name: 'is_read', description: 'Only those that are read.' })
  readonly isRead?: boolean | null;
}

@RequestSchema('A new probe.')
@PassesOver('id', 'uuid', 'created_at')
class CreateProbeDto {
  @Text({ max: 10, description: 'The name.' })
  readonly name!: string;

  @Ref({ name: 'parent_id', typeId: 'customer', optional: true, description: 'The parent.' })
  readonly parentId?: ObjectRef | null;

  @RefList({ name: 'tag_ids', max: 3, optional: true, description: 'The tags.' })
  readonly tagIds?: readonly ObjectRef[] | null;
}

/** What the frame of the engagement dialect does for its routes, seen on routes of the tests' own. */
@ApiTags('probes')
@Controller('api/v1/analytics/probes')
class ProbesController {
  private made = 0;

  @Get()
  @Allows('contacts', 'viewer')
  @Operation('List probes')
  @AnswersListPageOf(ProbeDto)
  list(@Query() query: ProbesQuery): ListPage<ProbeDto> {
    const { limit, offset, after } = sliceIn(query, 'created_at');
    const all = Array.from({ length: COUNT }, (_, at) => ({ id: COUNT - at }));
    const start = after === null ? offset : all.findIndex(({ id }) => id === after) + 1;
    return new ListPage(all.slice(start, start + limit), query, { total: COUNT, hasMore: start + limit < COUNT });
  }

  @Get('none')
  @Allows(null, 'viewer')
  @Operation('List no probes')
  @AnswersListPageOf(ProbeDto)
  none(@Query() query: ListQuery): ListPage<ProbeDto> {
    return new ListPage([], query, { total: 0 });
  }

  @Get('me')
  @Allows('contacts', 'viewer')
  @Operation('Say who asks')
  @Answers(ProbeDto, { description: 'Who asks.' })
  me(@CurrentAuth() { tenant, role, userId, customerId }: AuthContext): object {
    return data({ clientId: tenant.clientId, role, userId: userId ?? null, customerId });
  }

  @Post('chat')
  @Allows('conversations', 'viewer', { limit: 'live_chat', customers: true })
  @Operation('Begin to chat')
  @Answers(ProbeDto, { status: 201, description: 'Begun.' })
  chat(@CurrentAuth() { customerId }: AuthContext): object {
    return data({ customerId });
  }

  @Post()
  @Allows('contacts', 'agent')
  @Operation('Make probe')
  @Idempotent()
  @Answers(ProbeDto, { status: 201, description: 'Made.' })
  create(@Body() body: CreateProbeDto): object {
    if (body.name === 'broken') {
      throw new Error('A fault of ours, with a path such as /srv/app.js');
    }
    if (body.name === 'unfit') {
      throw unfit('This contact can not be reached by email.');
    }
    if (body.name === 'stale') {
      throw new Refusal('already_exists', 'Somebody was faster', { data: { id: 7 } });
    }
    if (body.name === 'number') {
      throw new ReasonedRefusal('number_in_use', 'The number is in use.');
    }
    if (body.tagIds?.includes(99)) {
      throw invalidSelection(`tag_ids.${body.tagIds.indexOf(99)}`);
    }
    this.made += 1;
    return data({ id: this.made, ...body });
  }

  @Get(':id')
  @Allows('contacts', 'viewer')
  @Operation('Retrieve probe')
  @Answers(ProbeDto, { description: 'It.' })
  get(@ObjectParam('contact', { typeId: 'customer' }) ref: ObjectRef): object {
    if (ref === 404) {
      throw notFound('contact');
    }
    return data({ ref });
  }

  @Put(':id')
  @Allows('contacts', 'admin')
  @Operation('Change probe')
  @Answers(ProbeDto, { description: 'It.' })
  change(@ObjectParam('contact') ref: ObjectRef, @Body() body: CreateProbeDto): object {
    return data({ ref, ...body });
  }

  @Delete(':id')
  @Allows('contacts', 'owner')
  @Operation('Delete probe')
  @AnswersNothing('Gone.')
  delete(@ObjectParam('contact') _: ObjectRef): void {}
}

@Module({ controllers: [ProbesController] })
class ProbesModule {}

/** Beside the engagement dialect, whose errors it has. */
export const probes: Dialect = { name: 'Probes', mountedAt: ['/api/v1/analytics/probes'], module: ProbesModule };
