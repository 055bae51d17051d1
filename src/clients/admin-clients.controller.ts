import { Body, Controller, Delete, Get, Patch, Post, Query } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import { IdParam } from '../platform/common/ids/id-param.js';
import { AnswersListOf, Operation } from '../platform/common/openapi/operation.js';
import type { Page } from '../platform/common/pagination/page.js';
import { ForOperator } from '../platform/common/tenancy/access.js';
import { AdminClientDto, CreateClientDto, CreatedClientDto, ListClientsQuery, UpdateClientDto } from './client.dto.js';
import { presentAdminClient, presentCreatedClient } from './client.presenter.js';
import { ClientsService } from './clients.service.js';

@ApiTags('admin')
@Controller('admin/v1/clients')
@ForOperator()
export class AdminClientsController {
  constructor(private readonly clients: ClientsService) {}

  @Post()
  @Operation('Create client', {
    description: 'Also creates its first secret key, with all scopes; the key is shown only in this answer.',
    showsSecret: true,
  })
  @ApiResponse({ status: 201, type: CreatedClientDto, description: 'The new client.' })
  async create(@Body() body: CreateClientDto): Promise<CreatedClientDto> {
    return presentCreatedClient(await this.clients.create(body));
  }

  @Get()
  @Operation('List clients', { description: 'Newest first, including disabled clients.' })
  @AnswersListOf(AdminClientDto)
  async list(@Query() query: ListClientsQuery): Promise<Page<AdminClientDto>> {
    return (await this.clients.list(query)).map(presentAdminClient);
  }

  @Get(':id')
  @Operation('Retrieve client', { description: 'Disabled clients are returned too.', refuses: [404] })
  @ApiResponse({ status: 200, type: AdminClientDto, description: 'The client.' })
  async get(@IdParam('client') id: string): Promise<AdminClientDto> {
    return presentAdminClient(await this.clients.getAny(id));
  }

  @Patch(':id')
  @Operation('Update client', {
    description: 'Changes where requests may come from and the limits of the client; takes effect within 5 seconds.',
    refuses: [404],
  })
  @ApiResponse({ status: 200, type: AdminClientDto, description: 'The client.' })
  async update(@IdParam('client') id: string, @Body() body: UpdateClientDto): Promise<AdminClientDto> {
    return presentAdminClient(await this.clients.update(id, body));
  }

  @Delete(':id')
  @Operation('Disable client', {
    description: 'The keys of the client stop working within 5 seconds; its data stays.',
    refuses: [404],
  })
  @ApiResponse({ status: 200, type: AdminClientDto, description: 'The client.' })
  async disable(@IdParam('client') id: string): Promise<AdminClientDto> {
    return presentAdminClient(await this.clients.disable(id));
  }
}
