import { Controller, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { uuidv7 } from 'uuidv7';
import { ExecutionsService } from '../../../engagement/workflows/running/executions.service.js';
import { WorkflowsService } from '../../../engagement/workflows/workflows.service.js';
import { notFound, Refusal } from '../../../platform/common/errors/refusal.js';
import { readInput } from '../../../platform/common/fields/read-input.js';
import { RateLimits } from '../../../platform/common/rate-limit/rate-limits.js';
import { ForEverybody } from '../../../platform/common/tenancy/access.js';
import { data, type Data } from '../http/answers.js';
import { TriggerWorkflowDto, type TriggeredDto } from './execution.dto.js';
import { HOOK_PATH } from './workflows.presenter.js';

const MAX_KEY = 255;
const MAX_BYTES = 64 * 1024;

/** Where programs of others trigger a workflow. Who knows the path may. */
@ApiExcludeController()
@Controller(`${HOOK_PATH}/:token`)
@ForEverybody()
export class HooksController {
  constructor(
    private readonly workflows: WorkflowsService,
    private readonly executions: ExecutionsService,
    private readonly limits: RateLimits,
  ) {}

  @Post()
  @HttpCode(202)
  async trigger(
    @Param('token') token: string,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Data<TriggeredDto>> {
    const workflow = await this.workflows.findByToken(token);
    if (!workflow) {
      throw notFound('workflow');
    }
    await this.limits.takeHook(workflow.id, response);
    if (Buffer.byteLength(JSON.stringify(request.body ?? {})) > MAX_BYTES) {
      throw new Refusal('too_large', `A request has at most ${MAX_BYTES / 1024} KB`);
    }
    const { contactId = null, payload } = readInput(TriggerWorkflowDto, request.body);
    const event = eventOf(request);
    const given = { contact: contactId, payload: payload ?? {}, event };
    return data({ execution_id: (await this.executions.trigger(workflow, workflow.id, given)).number });
  }
}

/** The same id again is the same event. @throws Refusal 400 */
function eventOf(request: Request): string {
  const key = request.header('webhook-id') ?? request.header('idempotency-key') ?? uuidv7();
  if (key === '' || key.length > MAX_KEY) {
    throw new Refusal('malformed', `A webhook-id has 1 to ${MAX_KEY} characters`);
  }
  return `hook:${key}`;
}
