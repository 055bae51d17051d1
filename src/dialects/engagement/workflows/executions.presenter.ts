import type { LoggedExecution, LoggedStep } from '../../../engagement/workflows/running/executions.service.js';
import type { ExecutionDto, ExecutionStepDto } from './execution.dto.js';

export function presentExecution(row: LoggedExecution): ExecutionDto {
  const { id, number, state, reason, version, contactNumber, conversationNumber, trigger, step, steps } = row;
  return {
    ...{ id: number, uuid: id, state, reason, version },
    ...{ contact_id: contactNumber, conversation_id: conversationNumber, trigger, step },
    wake_at: row.wakeAt?.toISOString() ?? null,
    steps: steps.map(presentStep),
    ...{ created_at: row.createdAt.toISOString(), ended_at: row.endedAt?.toISOString() ?? null },
  };
}

function presentStep({
  id,
  type,
  status,
  attempt,
  startedAt,
  finishedAt,
  output,
  error,
}: LoggedStep): ExecutionStepDto {
  return {
    ...{ id, type, status, attempt },
    ...{ started_at: startedAt.toISOString(), finished_at: finishedAt?.toISOString() ?? null },
    ...{ output, error },
  };
}
