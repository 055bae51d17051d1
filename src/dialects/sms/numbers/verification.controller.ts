import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import { VerificationService } from '../../../delivery/verification/verification.service.js';
import { forbidden } from '../../../platform/common/errors/refusal.js';
import { IdParam } from '../../../platform/common/ids/id-param.js';
import { Operation } from '../../../platform/common/openapi/operation.js';
import { CurrentMember, RequiresRole } from '../../../platform/common/tenancy/access.js';
import type { MemberAuth } from '../../../platform/common/tenancy/user-credentials.js';
import { Fails } from '../http/fails.js';
import { NumberDto } from './number.dto.js';
import { presentNumber } from './number.presenter.js';
import { ConfirmNumberDto, VerifyNumberDto } from './verification.dto.js';

@ApiTags('numbers')
@Controller('api/ui/workspaces/:workspaceId/phone-numbers/:id/verify')
export class VerificationController {
  constructor(private readonly verification: VerificationService) {}

  @Post()
  @HttpCode(200)
  @RequiresRole('admin')
  @Operation('Verify phone number', {
    id: 'verifyNumber',
    description:
      'A code is sent from the number to itself. It is good for ten minutes and five tries, and counts as entered when the ' +
      'provider hands it over as a message to the number. A number gets three codes an hour. An owner may attest instead that ' +
      'the number is the workspace’s, where it is at `smpp` or `http`.',
  })
  @Fails('conflict')
  @ApiResponse({ status: 200, type: NumberDto, description: 'The number; verified if it was attested.' })
  async verify(
    @CurrentMember() auth: MemberAuth,
    @IdParam('phone_number') id: string,
    @Body() { method }: VerifyNumberDto,
  ): Promise<NumberDto> {
    if (method === 'sms') {
      return presentNumber(await this.verification.ask(auth.tenant, id));
    }
    if (auth.role !== 'owner') {
      throw forbidden('Needs the role owner');
    }
    return presentNumber(await this.verification.attest(auth, id));
  }

  @Post('confirm')
  @HttpCode(200)
  @RequiresRole('admin')
  @Operation('Confirm phone number', {
    id: 'confirmNumber',
    description: 'The first verified number becomes the default.',
  })
  @Fails('verification_failed')
  @ApiResponse({ status: 200, type: NumberDto, description: 'The number, which is verified.' })
  async confirm(
    @CurrentMember() auth: MemberAuth,
    @IdParam('phone_number') id: string,
    @Body() { code }: ConfirmNumberDto,
  ): Promise<NumberDto> {
    return presentNumber(await this.verification.confirm(auth, id, code));
  }
}
