import { setImmediate } from 'node:timers/promises';
import { Lane, type Outcome } from '../../src/messages/sending/lane.js';

export const WAIT_MS = 5_000;

interface Item {
  readonly stream: string;
  readonly name: string;
}

/** A statement under way: what is in it, and its ends. */
export interface Statement {
  readonly names: string[];
  end(outcomes?: readonly Outcome<string>[]): Promise<void>;
  fail(error: Error): Promise<void>;
}

/** A lane whose statements end when the test says so. */
export class Road {
  readonly together: Statement[] = [];
  readonly alone: Statement[] = [];
  /** What was answered, in the order of the answers. */
  readonly answers: string[] = [];
  idle = 0;
  private readonly lane: Lane<Item, string>;

  constructor(size = 64, worthSharing = 2) {
    const traffic = {
      together: (items: readonly Item[]) =>
        new Promise<readonly Outcome<string>[]>((resolve, reject) => {
          const names = items.map(({ name }) => name);
          this.together.push(statement(names, (outcomes = names) => resolve(outcomes), reject));
        }),
      changedNothing: (error: unknown) => (error as Error).message === 'refused',
      streamOf: ({ stream }: Item) => stream,
      lengthOf: ({ name }: Item) => (name.startsWith('long') ? 600_000 : 1),
      worthSharing,
      isCheapAlone: ({ name }: Item) => !name.startsWith('dear'),
      makesItsPlace: ({ name }: Item) => name.startsWith('new'),
    };
    this.lane = new Lane(traffic, size, WAIT_MS, () => (this.idle += 1));
  }

  /** `stream:name`, or a name that is a stream of its own. */
  send(...all: string[]): void {
    for (const name of all) {
      const alone = () =>
        new Promise<string>((resolve, reject) => {
          this.alone.push(statement([name], () => resolve(`${name} alone`), reject));
        });
      const [stream] = name.split(':');
      this.lane.send({ stream: stream!, name }, alone).then(
        (row) => this.answers.push(row),
        (error: Error) => this.answers.push(`${name} ${error.message.split('.')[0]}`),
      );
    }
  }
}

function statement(
  names: string[],
  resolve: (outcomes?: readonly Outcome<string>[]) => void,
  reject: (error: Error) => void,
): Statement {
  const settled = async (): Promise<void> => {
    for (let turn = 0; turn < 3; turn += 1) {
      await setImmediate();
    }
  };
  return {
    names,
    end: (outcomes) => {
      resolve(outcomes);
      return settled();
    },
    fail: (error) => {
      reject(error);
      return settled();
    },
  };
}
