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
      'Answers where to upload its bytes. Made with a session, it is that customer’s. It is deleted after 24 hours unless ' +
      'a message was sent with it, and with the last such message. From now on `size` counts as storage of the client; ' +
      'where that has a limit and too little is left, the answer is 422 on `size`, with the code `storage_limit_reached`.',
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
    description: 'With where to download it now. A session sees its customer’s own, and those sent in its channels.',
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
