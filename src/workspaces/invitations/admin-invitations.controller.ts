import { Body, Controller, Post } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import { ClientsService } from '../../clients/clients.service.js';
import { unixSeconds } from '../../platform/common/clock.js';
import { formatId } from '../../platform/common/ids/type-id.js';
import { IdParam } from '../../platform/common/ids/id-param.js';
import { Operation } from '../../platform/common/openapi/operation.js';
import { ForOperator } from '../../platform/common/tenancy/access.js';
import { AdminInvitationDto, CreateAdminInvitationDto } from './admin-invitation.dto.js';
import { InvitationsService } from './invitations.service.js';

@ApiTags('admin')
@Controller('admin/v1/clients/:id/invitations')
@ForOperator()
export class AdminInvitationsController {
  constructor(
    private readonly clients: ClientsService,
    private readonly invitations: InvitationsService,
  ) {}

  @Post()
  @Operation('Create invitation', {
    description:
      'Mails a link by which somebody becomes a user of the client as a workspace. It works once, for seven days.',
    refuses: [404],
    says: { 409: 'This user is a member already' },
  })
  @ApiResponse({ status: 201, type: AdminInvitationDto, description: 'The new invitation.' })
  async create(@IdParam('client') id: string, @Body() body: CreateAdminInvitationDto): Promise<AdminInvitationDto> {
    const client = await this.clients.getAny(id);
    const made = await this.invitations.create({ clientId: client.id }, null, body);
    return {
      object: 'invitation',
      id: formatId('invitation', made.id),
      client_id: formatId('client', client.id),
      email: made.email,
      role: made.role,
      expires_at: unixSeconds(made.expiresAt),
      created: unixSeconds(made.createdAt),
      livemode: client.livemode,
    };
  }
}
