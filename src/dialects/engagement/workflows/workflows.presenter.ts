import { hookTokenOf } from '../../../engagement/workflows/hook-token.js';
import type { ListedWorkflow, WorkflowRow } from '../../../engagement/workflows/workflows.service.js';
import type { WorkflowDto, WorkflowSecretsDto } from './workflow.dto.js';

export const HOOK_PATH = 'hooks/workflows';

export function presentWorkflow(row: ListedWorkflow): WorkflowDto {
  const { id, number, name, status, triggerType, executionsCount, definition, version } = row;
  return {
    ...{ id: number, uuid: id, name, status, trigger: triggerType, executions_count: executionsCount },
    ...{ definition, version },
    ...{ created_at: row.createdAt.toISOString(), updated_at: row.updatedAt.toISOString() },
  };
}

export function presentSecrets({ secret, triggerType }: WorkflowRow, site: string): WorkflowSecretsDto {
  const isHooked = triggerType === 'webhook';
  return { webhook_secret: secret, hook_url: isHooked ? `${site}/${HOOK_PATH}/${hookTokenOf(secret)}` : null };
}
