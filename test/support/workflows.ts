import { accepted } from './given.js';
import { sql } from './sql.js';
import { until } from './until.js';
import type { TestCaller } from './engagement.js';

export interface ShownWorkflow {
  readonly id: number;
  readonly uuid: string;
  readonly status: string;
  readonly version: number;
  readonly definition: object;
  readonly executions_count: number;
}

export interface ShownExecution {
  readonly id: number;
  readonly uuid: string;
  readonly state: string;
  readonly reason: string | null;
  readonly contact_id: number | null;
  readonly trigger: Record<string, unknown>;
  readonly steps: readonly {
    readonly id: string;
    readonly type: string;
    readonly status: string;
    readonly attempt: number;
    readonly output: Record<string, unknown> | null;
    readonly error: string | null;
  }[];
}

/** A definition that anybody may save. */
export const definitionOf = (steps: readonly object[], trigger: object = { type: 'webhook' }, more: object = {}) => ({
  trigger,
  steps,
  ...more,
});

export async function makeWorkflow(by: TestCaller, definition: object, name = 'A'): Promise<ShownWorkflow> {
  return accepted(await by.send('POST', '/workflows', { name, definition })).body.data;
}

export async function activeWorkflow(by: TestCaller, definition: object): Promise<ShownWorkflow> {
  const { id } = await makeWorkflow(by, definition);
  return accepted(await by.send('POST', `/workflows/${id}/activate`)).body.data;
}

export async function executionsOf(by: TestCaller, workflow: number, query = ''): Promise<ShownExecution[]> {
  return accepted(await by.send('GET', `/workflows/${workflow}/executions${query}`)).body.data;
}

export async function executionOf(by: TestCaller, workflow: number, execution: number): Promise<ShownExecution> {
  return accepted(await by.send('GET', `/workflows/${workflow}/executions/${execution}`)).body.data;
}

const ENDED = ['completed', 'failed', 'cancelled', 'skipped'];

/** What a caller sees of its workflows while a worker is at them. */
export function givenRuns(by: () => TestCaller) {
  return {
    /** All executions, once there are so many and each has come to its end; newest first. */
    ended: ({ id }: Pick<ShownWorkflow, 'id'>, many = 1): Promise<ShownExecution[]> =>
      until(async () => {
        const all = await executionsOf(by(), id);
        return all.length >= many && all.every(({ state }) => ENDED.includes(state)) ? all : null;
      }),
    inState: (workflow: number, execution: number, state: string): Promise<ShownExecution> =>
      until(async () => {
        const one = await executionOf(by(), workflow, execution);
        return one.state === state ? one : null;
      }),
    trigger: async (workflow: number, body: object = {}): Promise<number> => {
      const { data } = accepted(await by().send('POST', `/workflows/${workflow}/trigger`, body)).body;
      return (data as { execution_id: number }).execution_id;
    },
    pause: async (workflow: number): Promise<void> => {
      accepted(await by().send('POST', `/workflows/${workflow}/pause`));
    },
  };
}

/** What is due in days is due now. */
export const passTime = (uuid: string) =>
  sql(`UPDATE executions SET wake_at = now() WHERE id = $1 AND wake_at IS NOT NULL`, uuid);
