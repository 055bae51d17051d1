import { Body, Controller, Delete, Get, Post, Query } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import { IdParam } from '../platform/common/ids/id-param.js';
import { AnswersListOf, Operation } from '../platform/common/openapi/operation.js';
import type { Page } from '../platform/common/pagination/page.js';
import { ForOperator } from '../platform/common/tenancy/access.js';
import { ApiKeyDto, CreateApiKeyDto, CreatedApiKeyDto, ListApiKeysQuery } from './api-key.dto.js';
import { presentApiKey, presentCreatedApiKey } from './api-key.presenter.js';
import { ApiKeysService } from './api-keys.service.js';
import { ClientsService } from './clients.service.js';

@ApiTags('admin')
@Controller('admin/v1/clients/:id/keys')
@ForOperator()
export class AdminKeysController {
  constructor(
    private readonly clients: ClientsService,
    private readonly keys: ApiKeysService,
  ) {}

  @Post()
  @Operation('Create API key', {
    description: 'The secret key is shown only in this answer.',
    refuses: [404],
    showsSecret: true,
  })
  @ApiResponse({ status: 201, type: CreatedApiKeyDto, description: 'The new key.' })
  async create(@IdParam('client') id: string, @Body() body: CreateApiKeyDto): Promise<CreatedApiKeyDto> {
    const client = await this.clients.getAny(id);
    return presentCreatedApiKey(client, await this.keys.create(id, body));
  }

  @Get()
  @Operation('List API keys', {
    description: 'Newest first, including revoked keys. The secret keys are never shown.',
    refuses: [404],
  })
  @AnswersListOf(ApiKeyDto)
  async list(@IdParam('client') id: string, @Query() query: ListApiKeysQuery): Promise<Page<ApiKeyDto>> {
    const client = await this.clients.getAny(id);
    return (await this.keys.list(id, query)).map((key) => presentApiKey(client, key));
  }

  @Delete(':key_id')
  @Operation('Revoke API key', { description: 'The key stops working within 5 seconds.', refuses: [404] })
  @ApiResponse({ status: 200, type: ApiKeyDto, description: 'The revoked key.' })
  async revoke(@IdParam('client') id: string, @IdParam('api_key', 'key_id') keyId: string): Promise<ApiKeyDto> {
    const client = await this.clients.getAny(id);
    return presentApiKey(client, await this.keys.revoke(id, keyId));
  }
}
