import type { Binding } from '../binding.js';
import type { WorkflowStatus } from './workflow.entity.js';
import { workflowColumns } from './workflows.sql.js';

/** What workflows a list is of; nothing given: all. */
export interface WorkflowFilters {
  readonly status?: WorkflowStatus | null;
  readonly trigger?: string | null;
  /** Words that all occur in their names. */
  readonly words: readonly string[];
}

const SORTS = {
  created_at: 'workflow.number',
  name: 'workflow.name',
  status: 'workflow.status',
  executions_count: 'workflow.executions_count',
} as const;
export type WorkflowSort = keyof typeof SORTS;

export interface WorkflowPage {
  readonly sort: WorkflowSort;
  readonly direction: 'asc' | 'desc';
  readonly limit: number;
  readonly offset: number;
  /** The number of a workflow: what comes after it, in the default order. */
  readonly after: number | null;
}

/** A workspace has few enough of them to be looked through. @returns the text of a statement that is run without a name */
export function pageOfWorkflows(filters: WorkflowFilters, page: WorkflowPage, binding: Binding): string {
  const { status, trigger, words } = filters;
  const { sort, direction, limit, offset, after } = page;
  const given: readonly (string | false)[] = [
    'workflow.client_id = $1',
    status != null && `workflow.status = ${binding.bind(status, 'text')}`,
    trigger != null && `workflow.trigger_type = ${binding.bind(trigger, 'text')}`,
    words.length > 0 &&
      `NOT EXISTS (
        SELECT FROM unnest(${binding.bind(words, 'text[]')}) word
        WHERE strpos(searchable(workflow.name), searchable(word)) = 0
      )`,
  ];
  const where = given.filter((one) => typeof one === 'string').join(' AND ');
  const behind = after === null ? '' : ` AND workflow.number < ${binding.bind(after, 'bigint')}`;
  return `
    SELECT counted.total AS "totalItems", page.*
    FROM (SELECT count(*)::int AS total FROM workflows workflow WHERE ${where}) counted
    LEFT JOIN LATERAL (
      SELECT ${workflowColumns('workflow')}, newest.definition, row_number() OVER (
        ORDER BY ${SORTS[sort]} ${direction}, workflow.number ${direction}
      ) AS place
      FROM workflows workflow
      JOIN workflow_versions newest ON newest.client_id = $1 AND newest.workflow_id = workflow.id
        AND newest.version = workflow.version
      WHERE ${where}${behind}
      ORDER BY place LIMIT ${binding.bind(limit, 'int')} OFFSET ${binding.bind(offset, 'bigint')}
    ) page ON true
    ORDER BY page.place`;
}
