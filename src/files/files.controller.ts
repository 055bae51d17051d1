import { Body, Controller, Get, Post } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import { BaseUrl } from '../platform/common/http/base-url.js';
import { Staged } from '../platform/common/idempotency/staged.js';
import { IdParam } from '../platform/common/ids/id-param.js';
import { Idempotent, Operation } from '../platform/common/openapi/operation.js';
import { AlsoForCustomers, CurrentCustomer, CurrentTenant, Requires } from '../platform/common/tenancy/access.js';
import type { Tenant } from '../platform/common/tenancy/tenant.js';
import { CreateFileDto, FileDto } from './file.dto.js';
import { presentFile } from './file.presenter.js';
import { FilesService } from './files.service.js';

@ApiTags('files')
@Controller('api/v1/files')
export class FilesController {
  constructor(private readonly files: FilesService) {}

  @Post()
  @Requires('files:write')
  @AlsoForCustomers()
  @Idempotent({ staged: true })
  @Operation('Create file', {
    description:
      'Returns the URL to upload the bytes to. A file created with a session belongs to its customer. A file is deleted ' +
      'after 24 hours unless it is sent in a message, and with the last message that holds it. Its `size` counts as ' +
      'storage from now on; beyond the limit of the client the answer is 422 on `size` (`storage_limit_reached`).',
  })
  @ApiResponse({ status: 201, type: FileDto, description: 'The new file, not uploaded yet.' })
  create(
    @CurrentTenant() tenant: Tenant,
    @CurrentCustomer() me: string | null,
    @Body() body: CreateFileDto,
    @BaseUrl() base: string,
  ): Staged<void, FileDto> {
    return new Staged(
      () => this.files.prepare(),
      async () => {
        const file = await this.files.create(tenant, body, me);
        return presentFile(tenant, file, await this.files.links(tenant, file), base);
      },
    );
  }

  @Get(':id')
  @Requires('files:read')
  @AlsoForCustomers()
  @Operation('Retrieve file', {
    description:
      'Returns a URL to download the file from. A session sees the files of its customer and those sent in its channels.',
    refuses: [404],
  })
  @ApiResponse({ status: 200, type: FileDto, description: 'The file.' })
  async get(
    @CurrentTenant() tenant: Tenant,
    @CurrentCustomer() me: string | null,
    @IdParam('file') id: string,
    @BaseUrl() base: string,
  ): Promise<FileDto> {
    const file = await this.files.get(tenant, id, me);
    return presentFile(tenant, file, await this.files.links(tenant, file), base);
  }
}
