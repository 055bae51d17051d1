import { readFileSync } from 'node:fs';

/** Linux counts in hundredths of a second, whatever its clock. */
const TICK_MICROS = 10_000;

/** Microseconds of CPU so far, in user code and in the kernel, of this process. */
export function cpuOfThis() {
  const { user, system } = process.cpuUsage();
  return user + system;
}

export const cpuOf = (pid) => () => ticksOf(pid).own * TICK_MICROS;

/** Of a PostgreSQL: its first process with those that it waited for, and all that run. */
export const cpuOfPostgres = (pid) => () => {
  const { own, waitedFor } = ticksOf(pid);
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean);
  const running = children.reduce((sum, child) => sum + ticksOf(child).own, 0);
  return (own + waitedFor + running) * TICK_MICROS;
};

/** proc_pid_stat(5): the name, which may hold anything, ends with the last parenthesis. One that has just ended used nothing. */
function ticksOf(pid) {
  let stat;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return { own: 0, waitedFor: 0 };
  }
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [user, system, childrenUser, childrenSystem] = fields.slice(11, 15).map(Number);
  return { own: user + system, waitedFor: childrenUser + childrenSystem };
}
