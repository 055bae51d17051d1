import { Body, Controller, Delete, Get, HttpCode, Post, Put, Query } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import { CannedResponsesService } from '../../../engagement/canned-responses/canned-responses.service.js';
import type { ObjectRef } from '../../../platform/common/ids/object-ref.js';
import { Idempotent, Operation } from '../../../platform/common/openapi/operation.js';
import { CurrentAuth } from '../../../platform/common/tenancy/access.js';
import type { AuthContext } from '../../../platform/common/tenancy/credentials.js';
import { Allows } from '../http/allows.js';
import { Answers, AnswersAllOf, data, type Data } from '../http/answers.js';
import { ObjectParam } from '../http/object-param.js';
import {
  CannedResponseDto,
  CannedResponsesQuery,
  CreateCannedResponseDto,
  DeletedDto,
  RenderCannedResponseDto,
  RenderedCannedResponseDto,
  UpdateCannedResponseDto,
} from './canned-response.dto.js';
import { presentCannedResponse } from './canned-response.presenter.js';

@ApiTags('canned_responses')
@Controller('api/v1/canned-responses')
export class CannedResponsesController {
  constructor(private readonly canned: CannedResponsesService) {}

  @Get()
  @Allows('canned-responses', 'viewer')
  @Operation('List canned responses', {
    description: 'Your own and the team’s, what is used most first. There are no pages.',
  })
  @AnswersAllOf(CannedResponseDto, { description: 'The canned responses.' })
  async list(
    @CurrentAuth() auth: AuthContext,
    @Query() query: CannedResponsesQuery,
  ): Promise<Data<readonly CannedResponseDto[]>> {
    return data((await this.canned.list(auth, query)).map(presentCannedResponse));
  }

  @Post()
  @Allows('canned-responses', 'agent')
  @Idempotent()
  @Operation('Create canned response', { description: 'A workspace has at most 1,000.' })
  @Answers(CannedResponseDto, { status: 201, description: 'The canned response.' })
  async create(
    @CurrentAuth() auth: AuthContext,
    @Body() { title, content, body, shortcut, scope, category }: CreateCannedResponseDto,
  ): Promise<Data<CannedResponseDto>> {
    const input = { title, content: (content ?? body)!, scope: scope ?? 'personal', category: category ?? null };
    return data(presentCannedResponse(await this.canned.create(auth, { ...input, shortcut: plain(shortcut) ?? null })));
  }

  @Get(':id')
  @Allows('canned-responses', 'viewer')
  @Operation('Retrieve canned response')
  @Answers(CannedResponseDto, { description: 'The canned response.' })
  async get(
    @CurrentAuth() auth: AuthContext,
    @ObjectParam('canned_response') ref: ObjectRef,
  ): Promise<Data<CannedResponseDto>> {
    return data(presentCannedResponse(await this.canned.get(auth, ref)));
  }

  @Put(':id')
  @Allows('canned-responses', 'agent')
  @Operation('Update canned response')
  @Answers(CannedResponseDto, { description: 'The canned response.' })
  async update(
    @CurrentAuth() auth: AuthContext,
    @ObjectParam('canned_response') ref: ObjectRef,
    @Body() { title, content, body, shortcut, scope, category }: UpdateCannedResponseDto,
  ): Promise<Data<CannedResponseDto>> {
    const change = { title, content: content ?? body, shortcut: plain(shortcut), scope, category };
    return data(presentCannedResponse(await this.canned.update(auth, ref, change)));
  }

  @Delete(':id')
  @Allows('canned-responses', 'agent')
  @HttpCode(200)
  @Operation('Delete canned response', {
    description:
      'One that is not there is answered alike. The team’s can be deleted by who made it, and by an `admin`.',
  })
  @ApiResponse({ status: 200, type: DeletedDto, description: 'It is gone.' })
  async delete(@CurrentAuth() auth: AuthContext, @ObjectParam('canned_response') ref: ObjectRef): Promise<DeletedDto> {
    await this.canned.delete(auth, ref);
    return { message: 'Deleted.' };
  }

  @Post(':id/render')
  @Allows('canned-responses', 'agent')
  @HttpCode(200)
  @Operation('Render canned response', { description: 'What it says in a conversation. Nothing is sent or counted.' })
  @Answers(RenderedCannedResponseDto, { description: 'What it says.' })
  async render(
    @CurrentAuth() auth: AuthContext,
    @ObjectParam('canned_response') ref: ObjectRef,
    @Body() { conversationId }: RenderCannedResponseDto,
  ): Promise<Data<RenderedCannedResponseDto>> {
    return data({ content: await this.canned.render(auth, ref, conversationId) });
  }
}

/** Without the slash that a shortcut is typed with. */
function plain(shortcut: string | null | undefined): string | null | undefined {
  return shortcut?.replace(/^\//, '') ?? shortcut;
}
