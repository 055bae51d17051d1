import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import { TextsService, type PreparedText } from '../../../delivery/texts/texts.service.js';
import { Staged } from '../../../platform/common/idempotency/staged.js';
import { parseSid } from '../../../platform/common/ids/sid.js';
import { Idempotent, Operation } from '../../../platform/common/openapi/operation.js';
import { CurrentMember, CurrentTenant, RequiresRole } from '../../../platform/common/tenancy/access.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import type { MemberAuth } from '../../../platform/common/tenancy/user-credentials.js';
import { Fails } from '../http/fails.js';
import { AnswersPageOf, numberedPage, sliceOf, type NumberedPage } from '../http/sms-page.js';
import { PreviewDto, PreviewTextDto } from './preview.dto.js';
import { AcceptedTextDto, ListTextsQuery, SendTextDto, TextMessageDto } from './text-message.dto.js';
import { presentAccepted, presentText } from './text-message.presenter.js';
import { CANCELING, hasMedia, REFUSES_TO_SEND, SENDING, SidParam } from './text-messages.controller.js';

@ApiTags('messages')
@Controller('api/ui/workspaces/:workspaceId/messages')
export class UiMessagesController {
  constructor(private readonly texts: TextsService) {}

  @Post()
  @HttpCode(200)
  @RequiresRole('agent')
  @Idempotent({ staged: true })
  @Operation('Send message', { id: 'sendMessageAsUser', description: SENDING, refuses: [404] })
  @Fails(...REFUSES_TO_SEND)
  @ApiResponse({ status: 200, type: AcceptedTextDto, description: 'The message is queued or scheduled.' })
  send(
    @CurrentMember() { tenant, userId }: MemberAuth,
    @Body() body: SendTextDto,
  ): Staged<PreparedText, AcceptedTextDto> {
    return new Staged(
      () => this.texts.prepare(tenant, body),
      async (text) => presentAccepted(await this.texts.write(tenant, text, { userId }), text),
      undefined,
      hasMedia(body),
    );
  }

  @Post('preview')
  @HttpCode(200)
  @RequiresRole('viewer')
  @Operation('Preview message', {
    id: 'previewMessage',
    description: 'How many segments a text takes, and whether it may be sent to a number. Nothing is stored.',
  })
  @Fails('invalid_number')
  @ApiResponse({ status: 200, type: PreviewDto, description: 'What the message would be.' })
  preview(@CurrentTenant() tenant: Tenant, @Body() body: PreviewTextDto): Promise<PreviewDto> {
    return this.texts.preview(tenant, body);
  }

  @Get()
  @RequiresRole('viewer')
  @Operation('List messages', { id: 'listWorkspaceMessages', description: 'Newest first.' })
  @AnswersPageOf(TextMessageDto)
  async list(@CurrentTenant() tenant: Tenant, @Query() query: ListTextsQuery): Promise<NumberedPage<TextMessageDto>> {
    const { items, total } = await this.texts.list(tenant, { ...query, ...sliceOf(query) });
    return numberedPage(items.map(presentText), query, total);
  }

  @Get(':sid')
  @RequiresRole('viewer')
  @Operation('Retrieve message', { id: 'getWorkspaceMessage' })
  @SidParam()
  @ApiResponse({ status: 200, type: TextMessageDto, description: 'The message.' })
  async get(@CurrentTenant() tenant: Tenant, @Param('sid') sid: string): Promise<TextMessageDto> {
    return presentText(await this.texts.get(tenant, parseSid(sid)));
  }

  @Post(':sid/cancel')
  @HttpCode(200)
  @RequiresRole('agent')
  @Idempotent()
  @Operation('Cancel message', { id: 'cancelMessageAsUser', description: CANCELING })
  @SidParam()
  @Fails('conflict')
  @ApiResponse({ status: 200, type: TextMessageDto, description: 'The message is canceled.' })
  async cancel(@CurrentTenant() tenant: Tenant, @Param('sid') sid: string): Promise<TextMessageDto> {
    return presentText(await this.texts.cancel(tenant, parseSid(sid)));
  }
}
