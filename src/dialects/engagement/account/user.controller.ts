import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Operation } from '../../../platform/common/openapi/operation.js';
import { CurrentCaller } from '../../../platform/common/tenancy/access.js';
import type { WorkspaceCaller } from '../../../platform/common/tenancy/workspace-credentials.js';
import { AllowsCallers } from '../http/allows.js';
import { Answers, data, type Data } from '../http/answers.js';
import { EngagementUserDto } from './account.dto.js';
import { callingUserOf } from './calling-user.js';
import { ShownUsers } from './shown-users.js';

@ApiTags('workspace')
@Controller('api/v1/user')
export class EngagementUserController {
  constructor(private readonly users: ShownUsers) {}

  @Get()
  @AllowsCallers()
  @Operation('Retrieve user', { id: 'getUser', description: 'The user of the session or the personal token.' })
  @Answers(EngagementUserDto, { description: 'The user.' })
  async get(@CurrentCaller() caller: WorkspaceCaller): Promise<Data<EngagementUserDto>> {
    return data(await this.users.get(callingUserOf(caller)));
  }
}
