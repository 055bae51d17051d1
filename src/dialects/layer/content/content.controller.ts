import { Controller, Get, Post, Res } from '@nestjs/common';
import { ApiHeader, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { Operation } from '../../../platform/common/openapi/operation.js';
import { MAX_MIME_TYPE } from '../../../platform/common/fields/mime-type.js';
import { CurrentTenant } from '../../../platform/common/tenancy/access.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { FilesService, type NewFile } from '../../../files/files.service.js';
import { ForLayer, LayerBase, Viewer } from '../http/for-layer.js';
import { LayerIdParam } from '../layer-id-param.js';
import { LayerRefusal } from '../layer-refusal.js';
import { uploadObject, type UploadObject } from './content-object.js';
import { LayerContentDto } from './content.dto.js';
import { AnnouncedUpload } from './upload-headers.js';

/** Files, as Layer knows them. */
@ApiTags('content')
@Controller('layer/content')
export class ContentController {
  constructor(private readonly files: FilesService) {}

  @Post()
  @ForLayer()
  @Operation('Create content', { description: 'Returns the URL to upload the bytes to.' })
  @ApiHeader({
    name: 'Upload-Content-Type',
    required: true,
    description: 'The media type of the content.',
    schema: { type: 'string', minLength: 3, maxLength: MAX_MIME_TYPE, example: 'image/png' },
  })
  @ApiHeader({
    name: 'Upload-Content-Length',
    required: true,
    description: 'The size of the content in bytes.',
    schema: { type: 'integer', minimum: 1, maximum: 2_147_483_648, example: 172_114 },
  })
  @ApiHeader({
    name: 'Upload-Origin',
    required: false,
    description: 'Accepted and ignored: a page from any origin may upload.',
    schema: { type: 'string', format: 'uri' },
  })
  @ApiResponse({
    status: 201,
    type: LayerContentDto,
    description: 'The new content, not uploaded yet.',
    headers: { Location: { description: 'The URL of the content.', schema: { type: 'string', format: 'uri' } } },
  })
  async create(
    @CurrentTenant() tenant: Tenant,
    @Viewer() viewer: string,
    @AnnouncedUpload() upload: NewFile,
    @LayerBase() base: string,
    @Res({ passthrough: true }) response: Response,
  ): Promise<UploadObject> {
    const file = await this.files.create(tenant, upload, viewer);
    const content = uploadObject(file, await this.files.links(tenant, file), base);
    response.setHeader('Location', content.refresh_url);
    return content;
  }

  @Get(':id')
  @ForLayer()
  @Operation('Retrieve content', {
    description: 'Returns a URL to download it from, or 422 (`invalid_operation`) if it has not been uploaded yet.',
    refuses: [404],
  })
  @ApiResponse({ status: 200, type: LayerContentDto, description: 'The content.' })
  async get(
    @CurrentTenant() tenant: Tenant,
    @Viewer() viewer: string,
    @LayerIdParam('content') id: string,
    @LayerBase() base: string,
  ): Promise<UploadObject> {
    const file = await this.files.get(tenant, id, viewer);
    if (!file.uploadedAt) {
      throw new LayerRefusal('invalid_operation', 'The Content has not been uploaded yet.');
    }
    return uploadObject(file, await this.files.links(tenant, file), base);
  }
}
