import { Body, Controller, Delete, Get, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { SuppressionsService } from '../../../engagement/suppressions/suppressions.service.js';
import type { ObjectRef } from '../../../platform/common/ids/object-ref.js';
import { Idempotent, Operation } from '../../../platform/common/openapi/operation.js';
import { CurrentTenant } from '../../../platform/common/tenancy/access.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { Allows } from '../http/allows.js';
import { Answers, AnswersNothing, data, type Data } from '../http/answers.js';
import { AnswersListPageOf, ListPage } from '../http/list-page.js';
import { sliceIn } from '../http/list-query.js';
import { ObjectParam } from '../http/object-param.js';
import { CreateSuppressionDto, SuppressionDto, SuppressionsQueryDto } from './suppression.dto.js';
import { presentSuppression } from './suppressions.presenter.js';

@ApiTags('suppressions')
@Controller('api/v1/suppressions')
export class EngagementSuppressionsController {
  constructor(private readonly suppressions: SuppressionsService) {}

  @Get()
  @Allows('contacts', 'viewer')
  @Operation('List suppressions', { id: 'listSuppressions', description: 'Newest first.' })
  @AnswersListPageOf(SuppressionDto)
  async list(@CurrentTenant() tenant: Tenant, @Query() query: SuppressionsQueryDto): Promise<ListPage<SuppressionDto>> {
    const slice = { ...sliceIn(query), direction: query.sortDir };
    const page = await this.suppressions.list(tenant, slice, { reason: query.reason, email: query.email });
    return new ListPage(page.items.map(presentSuppression), query, page);
  }

  @Post()
  @Allows('contacts', 'agent')
  @Operation('Create suppression', {
    id: 'createSuppression',
    description: 'Of an address that is suppressed already, the suppression there is.',
  })
  @Idempotent()
  @Answers(SuppressionDto, { status: 201, description: 'The suppression.' })
  async create(
    @CurrentTenant() tenant: Tenant,
    @Body() { email }: CreateSuppressionDto,
  ): Promise<Data<SuppressionDto>> {
    return data(presentSuppression(await this.suppressions.add(tenant, email, 'manual', 'manual')));
  }

  @Get(':id')
  @Allows('contacts', 'viewer')
  @Operation('Retrieve suppression', { id: 'getSuppression' })
  @Answers(SuppressionDto, { description: 'The suppression.' })
  async get(
    @CurrentTenant() tenant: Tenant,
    @ObjectParam('suppression') ref: ObjectRef,
  ): Promise<Data<SuppressionDto>> {
    return data(presentSuppression(await this.suppressions.get(tenant, ref)));
  }

  @Delete(':id')
  @Allows('contacts', 'admin')
  @Operation('Delete suppression', {
    id: 'deleteSuppression',
    description: 'The address may be written to again. A contact that is `unsubscribed` stays so.',
  })
  @AnswersNothing('The suppression is gone.')
  remove(@CurrentTenant() tenant: Tenant, @ObjectParam('suppression') ref: ObjectRef): Promise<void> {
    return this.suppressions.remove(tenant, ref);
  }
}
