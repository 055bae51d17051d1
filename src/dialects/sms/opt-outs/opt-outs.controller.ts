import { Body, Controller, Delete, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import { AddressesService } from '../../../delivery/addresses/addresses.service.js';
import { OptOutsService } from '../../../delivery/opt-outs/opt-outs.service.js';
import { PhoneNumbers } from '../../../delivery/texts/phone-numbers.js';
import { IdParam } from '../../../platform/common/ids/id-param.js';
import { formatId } from '../../../platform/common/ids/type-id.js';
import { Idempotent, Operation } from '../../../platform/common/openapi/operation.js';
import { CurrentMember, CurrentTenant, RequiresRole } from '../../../platform/common/tenancy/access.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import type { MemberAuth } from '../../../platform/common/tenancy/user-credentials.js';
import { AuditLog } from '../../../workspaces/audit/audit-log.js';
import { Fails } from '../http/fails.js';
import { AnswersPageOf, numberedPage, sliceOf, SmsPageQuery, type NumberedPage } from '../http/sms-page.js';
import { AddOptOutDto, EndOptOutQuery, NumberOptOutDto } from './opt-out.dto.js';
import { presentOptOut } from './opt-out.presenter.js';

@ApiTags('numbers')
@Controller('api/ui/workspaces/:workspaceId/opt-outs')
export class OptOutsController {
  constructor(
    private readonly optOuts: OptOutsService,
    private readonly addresses: AddressesService,
    private readonly numbers: PhoneNumbers,
    private readonly audit: AuditLog,
  ) {}

  @Post()
  @RequiresRole('admin')
  @Idempotent()
  @Operation('Add opt-out', { id: 'addOptOut', description: 'As if the person had written STOP, but without a reply.' })
  @Fails('invalid_number', 'provider_not_configured', 'conflict')
  @ApiResponse({ status: 201, type: NumberOptOutDto, description: 'The opt-out.' })
  async add(@CurrentMember() { tenant, userId }: MemberAuth, @Body() body: AddOptOutDto): Promise<NumberOptOutDto> {
    const number = await this.numbers.get(tenant, body.number);
    const { id: addressId } = body.numberId
      ? await this.addresses.get(tenant, body.numberId)
      : await this.addresses.speaker(tenant, null);
    const optOut = { addressId, personId: null, number, source: 'api', keyword: null } as const;
    const added = await this.audit.during(
      { tenant, userId },
      'opt_out.added',
      () => this.optOuts.add(tenant, optOut),
      ({ id }) => ({ subject: formatId('opt_out', id) }),
    );
    return presentOptOut(tenant, added);
  }

  @Get()
  @RequiresRole('viewer')
  @Operation('List opt-outs', { id: 'listOptOuts', description: 'Those that have not ended, newest first.' })
  @AnswersPageOf(NumberOptOutDto)
  async list(@CurrentTenant() tenant: Tenant, @Query() query: SmsPageQuery): Promise<NumberedPage<NumberOptOutDto>> {
    const { items, total } = await this.optOuts.list(tenant, sliceOf(query));
    return numberedPage(
      items.map((one) => presentOptOut(tenant, one)),
      query,
      total,
    );
  }

  @Delete(':id')
  @RequiresRole('admin')
  @HttpCode(204)
  @Operation('End opt-out', {
    id: 'endOptOut',
    description:
      'Only if the person asked you to: the number may be written to again. What the provider blocks itself stays until the person sends START.',
  })
  @Fails('conflict')
  @ApiResponse({ status: 204, description: 'The opt-out has ended.' })
  end(
    @CurrentMember() { tenant, userId }: MemberAuth,
    @IdParam('opt_out') id: string,
    @Query() { reason }: EndOptOutQuery,
  ): Promise<void> {
    return this.audit.during(
      { tenant, userId },
      'opt_out.ended',
      () => this.optOuts.end(tenant, id),
      () => ({ subject: formatId('opt_out', id), details: { reason: reason ?? null } }),
    );
  }
}
