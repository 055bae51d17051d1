import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import {
  TextsService,
  type PreparedText,
  type SentText,
  type TextContent,
} from '../../../delivery/texts/texts.service.js';
import { WrittenAnswer } from '../../../platform/common/http/status-result.js';
import { Staged } from '../../../platform/common/idempotency/staged.js';
import { parseSid } from '../../../platform/common/ids/sid.js';
import { Idempotent, Operation } from '../../../platform/common/openapi/operation.js';
import { CurrentAuth, CurrentTenant } from '../../../platform/common/tenancy/access.js';
import type { AuthContext } from '../../../platform/common/tenancy/credentials.js';
import type { Tenant } from '../../../platform/common/tenancy/tenant.js';
import { Fails } from '../http/fails.js';
import { ForKeys } from '../http/for-keys.js';
import { AnswersPageOf, numberedPage, sliceOf, type NumberedPage } from '../http/sms-page.js';
import { AcceptedTextDto, ListTextsQuery, SendTextDto, TextMessageDto } from './text-message.dto.js';
import { presentAccepted, presentText } from './text-message.presenter.js';

export const SENDING =
  'It is accepted, then sent: ask for it by its `sid`, or have webhooks tell you what became of it.';
export const CANCELING =
  'While it is `scheduled` or `queued`: then it is never sent. Refused once its provider may have it. Canceling again changes nothing.';
export const REFUSES_TO_SEND = [
  ...(['invalid_number', 'body_too_long', 'provider_not_configured', 'invalid_from'] as const),
  ...(['invalid_media', 'media_unreachable', 'media_too_large', 'media_type_not_allowed'] as const),
  ...(['media_not_supported', 'recipient_opted_out', 'storage_unavailable'] as const),
  'send_failed',
] as const;

/** Then it takes as long as their servers. */
export const hasMedia = ({ mediaUrls }: TextContent): boolean => Boolean(mediaUrls);

/** How a message is named in a path. */
export const SidParam = (): MethodDecorator =>
  ApiParam({
    name: 'sid',
    description: 'The id of the message: its `sid`, its id in the core API, or its bare UUID.',
    schema: { type: 'string', maxLength: 64, example: 'SM01890a5dac96774bbcceb302099a8057' },
  });

@ApiTags('messages')
@Controller('api/messages')
export class TextMessagesController {
  constructor(private readonly texts: TextsService) {}

  @Post()
  @HttpCode(200)
  @ForKeys('messages:write')
  @Idempotent({ staged: true })
  @Operation('Send message', { id: 'sendMessage', description: SENDING, refuses: [404] })
  @Fails(...REFUSES_TO_SEND)
  @ApiResponse({ status: 200, type: AcceptedTextDto, description: 'The message is queued or scheduled.' })
  send(@CurrentAuth() { tenant, by }: AuthContext, @Body() body: SendTextDto): Staged<PreparedText, AcceptedTextDto> {
    const speaker = { keyId: by.id };
    return new Staged(
      () => this.texts.prepare(tenant, body),
      async (text) => presentAccepted(await this.texts.write(tenant, text, speaker), text),
      {
        work: async (text, claim, otherwise) => {
          const sent = await this.texts.writeClaiming(tenant, text, speaker, claim, otherwise);
          return sent instanceof WrittenAnswer ? sent : presentAccepted(sent.id, text);
        },
        replay: (row) => presentAccepted((row as SentText).id, { files: [] }),
      },
      hasMedia(body),
    );
  }

  @Get()
  @ForKeys('messages:read')
  @Operation('List messages', { id: 'listMessages', description: 'Newest first.' })
  @AnswersPageOf(TextMessageDto)
  async list(@CurrentTenant() tenant: Tenant, @Query() query: ListTextsQuery): Promise<NumberedPage<TextMessageDto>> {
    const { items, total } = await this.texts.list(tenant, { ...query, ...sliceOf(query) });
    return numberedPage(items.map(presentText), query, total);
  }

  @Get(':sid')
  @ForKeys('messages:read')
  @Operation('Retrieve message', { id: 'getMessage', description: 'With what has become of it so far.' })
  @SidParam()
  @ApiResponse({ status: 200, type: TextMessageDto, description: 'The message.' })
  async get(@CurrentTenant() tenant: Tenant, @Param('sid') sid: string): Promise<TextMessageDto> {
    return presentText(await this.texts.get(tenant, parseSid(sid)));
  }

  @Post(':sid/cancel')
  @HttpCode(200)
  @ForKeys('messages:write')
  @Idempotent()
  @Operation('Cancel message', { id: 'cancelMessage', description: CANCELING })
  @SidParam()
  @Fails('conflict')
  @ApiResponse({ status: 200, type: TextMessageDto, description: 'The message is canceled.' })
  async cancel(@CurrentTenant() tenant: Tenant, @Param('sid') sid: string): Promise<TextMessageDto> {
    return presentText(await this.texts.cancel(tenant, parseSid(sid)));
  }
}
