import { Body, Controller, Delete, Get, HttpCode, Patch, Post, Query } from '@nestjs/common';
import { ApiBody, ApiResponse, ApiTags } from '@nestjs/swagger';
import { InvalidInput } from '../../../platform/common/errors/refusal.js';
import { StatusResult } from '../../../platform/common/http/status-result.js';
import { Operation } from '../../../platform/common/openapi/operation.js';
import { CurrentTenant } from '../../../platform/common/tenancy/access.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { ForLayer, GivenBody, LayerBase, Viewer } from '../http/for-layer.js';
import { AnswersLayerPageOf, type LayerPage } from '../http/layer-page.js';
import { MAX_URI } from '../identities/identity.dto.js';
import { LayerIdParam } from '../layer-id-param.js';
import { ConversationChangesService } from './conversation-changes.service.js';
import type { ConversationObject } from './conversation-object.js';
import {
  LayerConversationDto,
  CreateConversationDto,
  DeleteConversationQuery,
  ListConversationsQuery,
  MarkAllReadDto,
} from './conversation.dto.js';
import { conflictWith, LayerConversationsService, type DeleteConversation } from './layer-conversations.service.js';
import { MAX_PROPERTY, readPatch } from './patch.js';

@ApiTags('conversations')
@Controller('layer/conversations')
export class LayerConversationsController {
  constructor(
    private readonly conversations: LayerConversationsService,
    private readonly changes: ConversationChangesService,
  ) {}

  @Post()
  @ForLayer()
  @Operation('Create conversation', {
    description:
      'If a distinct conversation of these participants exists, it is returned with 200; if its metadata differs, with 409 (`conflict`), in `data`.',
    refuses: [409],
  })
  @ApiResponse({ status: 201, type: LayerConversationDto, description: 'The new conversation.' })
  @ApiResponse({
    status: 200,
    type: LayerConversationDto,
    description: 'The distinct conversation that exists already.',
  })
  async create(
    @CurrentTenant() tenant: Tenant,
    @Viewer() viewer: string,
    @Body() body: CreateConversationDto,
    @LayerBase() base: string,
  ): Promise<StatusResult<ConversationObject>> {
    const { outcome, conversation } = await this.conversations.create(tenant, viewer, body, base);
    if (outcome === 'conflict') {
      throw conflictWith(conversation);
    }
    return new StatusResult(outcome === 'created' ? 201 : 200, conversation);
  }

  @Get()
  @ForLayer()
  @Operation('List conversations', {
    description: 'Newest first. A conversation the user deleted with `my_devices` appears again with its next message.',
  })
  @AnswersLayerPageOf(LayerConversationDto)
  list(
    @CurrentTenant() tenant: Tenant,
    @Viewer() viewer: string,
    @Query() query: ListConversationsQuery,
    @LayerBase() base: string,
  ): Promise<LayerPage<ConversationObject>> {
    return this.conversations.list(tenant, viewer, query, base);
  }

  @Get(':id')
  @ForLayer()
  @Operation('Retrieve conversation', {
    description: 'Users who have left can still retrieve it, without its participants.',
    refuses: [404],
  })
  @ApiResponse({ status: 200, type: LayerConversationDto, description: 'The conversation.' })
  get(
    @CurrentTenant() tenant: Tenant,
    @Viewer() viewer: string,
    @LayerIdParam('conversations') id: string,
    @LayerBase() base: string,
  ): Promise<ConversationObject> {
    return this.conversations.get(tenant, viewer, id, base);
  }

  @Patch(':id')
  @HttpCode(204)
  @ForLayer()
  @Operation('Update conversation', {
    description:
      'Takes Layer Patch operations: `add`, `remove` and `set` on `participants`; `set` and `delete` on `metadata` and keys in it. Either all are applied or none. A conversation whose participants change is no longer distinct.',
    refuses: [403, 404],
  })
  @ApiBody({
    schema: {
      type: 'array',
      maxItems: 100,
      items: {
        type: 'object',
        required: ['operation', 'property'],
        properties: {
          operation: {
            type: 'string',
            enum: ['add', 'remove', 'set', 'delete'],
            description: 'What to do with the property.',
          },
          property: {
            type: 'string',
            pattern: String.raw`^(participants$|metadata($|\.))`,
            maxLength: MAX_PROPERTY,
            example: 'metadata.title',
            description:
              'The path of the property: `participants`, `metadata` or a key in it. A dot in a key is written `\\.`.',
          },
          value: {
            description: 'The new value: a string or object for metadata, one or more identities for participants.',
          },
          id: {
            type: 'string',
            minLength: 1,
            maxLength: MAX_URI,
            description: 'An identity to add or remove, in place of a value.',
          },
        },
      },
    },
  })
  @ApiResponse({ status: 204, description: 'The conversation is changed.' })
  update(
    @CurrentTenant() tenant: Tenant,
    @Viewer() viewer: string,
    @LayerIdParam('conversations') id: string,
    @GivenBody() body: unknown,
  ): Promise<void> {
    return this.changes.patch(tenant, viewer, id, readPatch(body));
  }

  @Delete(':id')
  @HttpCode(204)
  @ForLayer()
  @Operation('Delete conversation', {
    description:
      'Deletes the conversation for all participants, or only for the user of the session, who may also leave it.',
    refuses: [403, 404],
  })
  @ApiResponse({ status: 204, description: 'The conversation is deleted.' })
  delete(
    @CurrentTenant() tenant: Tenant,
    @Viewer() viewer: string,
    @LayerIdParam('conversations') id: string,
    @Query() query: DeleteConversationQuery,
  ): Promise<void> {
    return this.conversations.delete(tenant, viewer, id, deletionOf(query));
  }

  @Post(':id/mark_all_read')
  @HttpCode(202)
  @ForLayer()
  @Operation('Mark conversation as read', {
    description: 'Marks all messages up to a position. A mark never moves back.',
    refuses: [403, 404],
  })
  @ApiResponse({ status: 202, description: 'The messages are marked as read.' })
  markAllRead(
    @CurrentTenant() tenant: Tenant,
    @Viewer() viewer: string,
    @LayerIdParam('conversations') id: string,
    @Body() { position = null }: MarkAllReadDto,
  ): Promise<void> {
    return this.conversations.markAllRead(tenant, viewer, id, position);
  }
}

/** What the parameters say together. */
function deletionOf({ mode, leave, destroy }: DeleteConversationQuery): DeleteConversation {
  const chosen = mode ?? (destroy === 'true' ? 'all_participants' : undefined);
  if (chosen === undefined) {
    throw new InvalidInput({ mode: ['The mode field is required.'] });
  }
  return { mode: chosen, leave: leave === 'true' };
}
