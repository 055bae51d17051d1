import { Body, Controller, Delete, Get, HttpCode, Patch, Post, Query } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import {
  AddressesService,
  type CheckedNumber,
  type OwnedNumbers,
} from '../../../delivery/addresses/addresses.service.js';
import { NumberCheckService } from '../../../delivery/addresses/number-check.service.js';
import { PhoneNumbers } from '../../../delivery/texts/phone-numbers.js';
import { Staged } from '../../../platform/common/idempotency/staged.js';
import { IdParam } from '../../../platform/common/ids/id-param.js';
import { formatId } from '../../../platform/common/ids/type-id.js';
import { Idempotent, Operation } from '../../../platform/common/openapi/operation.js';
import { CurrentMember, CurrentTenant, RequiresRole } from '../../../platform/common/tenancy/access.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import type { MemberAuth } from '../../../platform/common/tenancy/user-credentials.js';
import { AuditLog } from '../../../workspaces/audit/audit-log.js';
import { Fails } from '../http/fails.js';
import { AnswersPageOf, numberedPage, sliceOf, SmsPageQuery, type NumberedPage } from '../http/sms-page.js';
import { AddNumberDto, ImportedNumbersDto, ImportNumbersDto, NumberDto, UpdateNumberDto } from './number.dto.js';
import { presentNumber } from './number.presenter.js';

@ApiTags('numbers')
@Controller('api/ui/workspaces/:workspaceId/phone-numbers')
export class NumbersController {
  constructor(
    private readonly addresses: AddressesService,
    private readonly numbers: PhoneNumbers,
    private readonly owners: NumberCheckService,
    private readonly audit: AuditLog,
  ) {}

  @Post()
  @RequiresRole('admin')
  @Idempotent({ staged: true })
  @Operation('Add phone number', {
    id: 'addNumber',
    description:
      'The provider is asked whether the number is yours; the simulator says so of every number but +15005550007. A number ' +
      'that you had at another provider moves to this one with its conversations. The first verified number becomes the default.',
  })
  @Fails('invalid_number', 'provider_not_configured', 'number_in_use', 'conflict')
  @ApiResponse({ status: 201, type: NumberDto, description: 'The number.' })
  add(@CurrentMember() { tenant, userId }: MemberAuth, @Body() body: AddNumberDto): Staged<CheckedNumber, NumberDto> {
    return new Staged(
      async () => this.owners.check(tenant, await this.numbers.getSpeaker(tenant, body.number)),
      async (checked) => {
        const added = await this.audit.during(
          { tenant, userId },
          'number.added',
          () => this.addresses.add(tenant, checked, body.name ?? null),
          ({ id, address }) => ({ subject: formatId('phone_number', id), details: { number: address } }),
        );
        return presentNumber(added);
      },
    );
  }

  @Post('import')
  @HttpCode(200)
  @RequiresRole('admin')
  @Idempotent({ staged: true })
  @Operation('Import phone numbers', {
    id: 'importNumbers',
    description:
      'Adds the numbers of your account at Twilio or Telnyx that the workspace does not have. Without `serviceSid`, those ' +
      'that the account has no longer become unverified; with it, the messaging service is added, too, and speaks for its ' +
      'numbers. Other providers do not say which numbers are yours.',
  })
  @Fails('provider_not_configured', 'invalid_provider', 'conflict')
  @ApiResponse({ status: 200, type: ImportedNumbersDto, description: 'What has changed.' })
  import(
    @CurrentMember() { tenant, userId }: MemberAuth,
    @Body() { serviceSid, configure }: ImportNumbersDto,
  ): Staged<OwnedNumbers, ImportedNumbersDto> {
    return new Staged(
      () => this.owners.list(tenant, serviceSid ?? null, configure ?? false),
      async (owned) => {
        const { added, gone } = await this.audit.during(
          { tenant, userId },
          'numbers.imported',
          () => this.addresses.import(tenant, owned),
          (changed) => ({ details: { added: changed.added.length, gone: changed.gone.length } }),
        );
        return { added: added.map(presentNumber), gone: gone.map(presentNumber) };
      },
      undefined,
      true,
    );
  }

  @Get()
  @RequiresRole('viewer')
  @Operation('List phone numbers', { id: 'listNumbers', description: 'Newest first.' })
  @AnswersPageOf(NumberDto)
  async list(@CurrentTenant() tenant: Tenant, @Query() query: SmsPageQuery): Promise<NumberedPage<NumberDto>> {
    const all = await this.addresses.list(tenant);
    const { offset, limit } = sliceOf(query);
    const page = all.slice(offset, offset + limit);
    return numberedPage(page.map(presentNumber), query, all.length);
  }

  @Get(':id')
  @RequiresRole('viewer')
  @Operation('Retrieve phone number', { id: 'getNumber' })
  @ApiResponse({ status: 200, type: NumberDto, description: 'The number.' })
  async get(@CurrentTenant() tenant: Tenant, @IdParam('phone_number') id: string): Promise<NumberDto> {
    return presentNumber(await this.addresses.get(tenant, id));
  }

  @Patch(':id')
  @RequiresRole('admin')
  @Operation('Update phone number', { id: 'updateNumber', description: 'Fields that are left out stay unchanged.' })
  @ApiResponse({ status: 200, type: NumberDto, description: 'The number.' })
  async update(
    @CurrentMember() { tenant, userId }: MemberAuth,
    @IdParam('phone_number') id: string,
    @Body() { name, isDefault }: UpdateNumberDto,
  ): Promise<NumberDto> {
    const change = { name, isDefault: isDefault === true };
    const changed = await this.audit.during(
      { tenant, userId },
      'number.updated',
      () => this.addresses.update(tenant, id, change),
      () => ({ subject: formatId('phone_number', id), details: change }),
    );
    return presentNumber(changed);
  }

  @Delete(':id')
  @RequiresRole('admin')
  @HttpCode(204)
  @Operation('Release phone number', {
    id: 'releaseNumber',
    description: 'Its conversations stay. Messages that are still queued from it fail with `invalid_from`.',
  })
  @ApiResponse({ status: 204, description: 'The number is released.' })
  release(@CurrentMember() { tenant, userId }: MemberAuth, @IdParam('phone_number') id: string): Promise<void> {
    return this.audit.during(
      { tenant, userId },
      'number.released',
      () => this.addresses.release(tenant, id),
      () => ({ subject: formatId('phone_number', id) }),
    );
  }
}
