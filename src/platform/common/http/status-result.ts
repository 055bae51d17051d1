import type { ServerResponse } from 'node:http';

/** What a handler returns when the status depends on what happened: 201 for a new row, 200 for one that was there. */
export class StatusResult<T> {
  constructor(
    readonly status: number,
    readonly body: T,
  ) {}
}

/** An answer already written out: these very characters leave, in one write. */
export class WrittenAnswer {
  constructor(
    readonly status: number,
    readonly text: string,
    private readonly type = 'application/json; charset=utf-8',
  ) {}

  send(response: ServerResponse): void {
    this.head(response).end(this.text);
  }

  /** All of it, and yet not its end. */
  write(response: ServerResponse): void {
    this.head(response).write(this.text);
  }

  private head(response: ServerResponse): ServerResponse {
    return response.writeHead(this.status, {
      'Content-Type': this.type,
      'Content-Length': Buffer.byteLength(this.text),
    });
  }
}
