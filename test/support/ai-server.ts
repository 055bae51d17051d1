import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a provider was asked. */
export interface Asked {
  readonly path: string;
  readonly authorization: string | undefined;
  /** As it came. */
  readonly text: string;
  readonly model: string;
  /** Of a chat: ours, and what else it was told. */
  readonly system: string;
  readonly user: string;
  /** Of what vectors are made. */
  readonly input: readonly string[];
  readonly roles: readonly string[];
}

type Answer = (asked: Asked, response: ServerResponse) => void;

/** A server that speaks as OpenAI's does, on this machine. It records what it is asked. */
export interface AiServer {
  readonly url: string;
  readonly all: readonly Asked[];
  /** Called for each chat from now on. */
  answer: Answer;
  /** Called for each request for vectors from now on. */
  embed: Answer;
  /** Once it was asked `count` times in all. */
  asked(count: number): Promise<void>;
  close(): Promise<void>;
}

const json = (response: ServerResponse, body: unknown, status = 200): void =>
  void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));

/** Says this, of 100 tokens for 10. */
export const says =
  (content: unknown, message: object = {}): Answer =>
  ({ model }, response) =>
    json(response, {
      ...{ id: 'chat-1', object: 'chat.completion', model },
      choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content, ...message } }],
      usage: { prompt_tokens: 100, completion_tokens: 10, total_tokens: 110 },
    });

export const raw =
  (text: string, status = 200, headers: Record<string, string> = { 'content-type': 'application/json' }): Answer =>
  (_, response) =>
    void response.writeHead(status, headers).end(text);

/** Never says anything. */
export const silent: Answer = () => undefined;

const DIMENSIONS = 64;

/** Texts that share words are near to one another. */
export function vectorOf(text: string): number[] {
  const vector = new Array<number>(DIMENSIONS).fill(0.01);
  for (const word of text.toLowerCase().match(/\p{L}{3,}/gu) ?? []) {
    let hash = 7;
    for (const letter of word.slice(0, 5)) {
      hash = (hash * 31 + letter.codePointAt(0)!) % 1_000_003;
    }
    vector[hash % DIMENSIONS]! += 1;
  }
  return vector;
}

export const embeds: Answer = ({ input, model }, response) =>
  json(response, {
    ...{ object: 'list', model },
    data: input.map((text, index) => ({ object: 'embedding', index, embedding: vectorOf(text) })),
    usage: { prompt_tokens: input.length * 5, total_tokens: input.length * 5 },
  });

export async function aiServer(answer: Answer = says('It comes tomorrow.')): Promise<AiServer> {
  const all: Asked[] = [];
  const waiting = new Set<() => void>();
  const self = { answer, embed: embeds };
  const server = createServer((request, response) => {
    void textOf(request).then((text) => {
      const asked = askedIn(request, text);
      all.push(asked);
      waiting.forEach((look) => look());
      (asked.path.endsWith('/embeddings') ? self.embed : self.answer)(asked, response);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return Object.assign(self, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    all,
    asked: (count: number): Promise<void> =>
      new Promise((resolve) => {
        const look = (): void => {
          if (all.length >= count) {
            waiting.delete(look);
            resolve();
          }
        };
        waiting.add(look);
        look();
      }),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  });
}

function askedIn(request: IncomingMessage, text: string): Asked {
  const {
    model,
    messages = [],
    input = [],
  } = JSON.parse(text) as {
    model: string;
    messages?: { role: string; content: string }[];
    input?: string[];
  };
  const of = (role: string): string =>
    messages
      .filter((one) => one.role === role)
      .map(({ content }) => content)
      .join('\n');
  return {
    ...{ path: request.url!, authorization: request.headers.authorization, text, model, input },
    ...{ system: of('system'), user: of('user'), roles: messages.map(({ role }) => role) },
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) {
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
