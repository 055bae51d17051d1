import { Body, Controller, Delete, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import { ClientsService } from '../../../clients/clients.service.js';
import { IdParam } from '../../../platform/common/ids/id-param.js';
import { AnswersListOf, Operation } from '../../../platform/common/openapi/operation.js';
import type { Page } from '../../../platform/common/pagination/page.js';
import { ForOperator } from '../../../platform/common/tenancy/access.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { CreateIdentityKeyDto, IdentityKeyDto, ListIdentityKeysQuery } from './identity-key.dto.js';
import { presentIdentityKey } from './identity-key.presenter.js';
import { IdentityKeysService, tooManyKeys } from './identity-keys.service.js';

@ApiTags('admin')
@Controller('admin/v1/clients/:id/identity_keys')
@ForOperator()
export class AdminIdentityKeysController {
  constructor(
    private readonly clients: ClientsService,
    private readonly keys: IdentityKeysService,
  ) {}

  @Post()
  @Operation('Create identity key', {
    description:
      'Registers a public key that verifies the identity tokens of the client’s server, for the Layer dialect. ' +
      'A client may have 20 identity keys; one more is refused with 409 (`limit_reached`).',
    refuses: [404],
    says: { 409: tooManyKeys().message },
  })
  @ApiResponse({ status: 201, type: IdentityKeyDto, description: 'The new key.' })
  async create(@IdParam('client') id: string, @Body() body: CreateIdentityKeyDto): Promise<IdentityKeyDto> {
    const tenant = await this.tenant(id);
    return presentIdentityKey(tenant, await this.keys.create(tenant, body));
  }

  @Get()
  @Operation('List identity keys', { description: 'Newest first.', refuses: [404] })
  @AnswersListOf(IdentityKeyDto)
  async list(@IdParam('client') id: string, @Query() query: ListIdentityKeysQuery): Promise<Page<IdentityKeyDto>> {
    const tenant = await this.tenant(id);
    return (await this.keys.list(tenant, query)).map((key) => presentIdentityKey(tenant, key));
  }

  @Delete(':key_id')
  @HttpCode(204)
  @Operation('Delete identity key', {
    description: 'Tokens signed with the key are refused from now on; existing sessions stay.',
    refuses: [404],
  })
  @ApiResponse({ status: 204, description: 'The key is deleted.' })
  async delete(@IdParam('client') id: string, @IdParam('identity_key', 'key_id') keyId: string): Promise<void> {
    await this.keys.remove(await this.tenant(id), keyId);
  }

  /** @throws Refusal 404 */
  private async tenant(id: string): Promise<Tenant> {
    const { livemode } = await this.clients.getAny(id);
    return { clientId: id, livemode };
  }
}
