import type { AiServer } from './ai-server.js';
import type { TestCaller } from './engagement.js';
import { accepted, type Reply } from './given.js';

type Shown = Record<string, unknown>;

/** The key that workspaces of tests have at a provider. */
export const PROVIDER_KEY = 'sk-planted-provider-key';

export const setAi = (by: TestCaller, body: object = {}): Promise<Reply> => by.send('PUT', '/ai/settings', body);

/** That provider, with a model that writes. */
export const useAi = async (by: TestCaller, { url }: AiServer, body: object = {}): Promise<Shown> =>
  accepted(await setAi(by, { base_url: url, api_key: PROVIDER_KEY, chat_model: 'small', ...body })).body.data as Shown;

export const generate = (by: TestCaller, body: object = {}): Promise<Reply> =>
  by.send('POST', '/ai/generate-reply', { message: 'Where is my order?', ...body });

export const replyOf = async (by: TestCaller, body: object = {}): Promise<Shown> =>
  accepted(await generate(by, body)).body.data as Shown;

export const sentimentOf = async (by: TestCaller, body: object): Promise<Shown> =>
  accepted(await by.send('POST', '/ai/analyze-sentiment', body)).body.data as Shown;

/** @returns its number */
export const makeDocument = async (
  by: TestCaller,
  title: string,
  content: string,
  more: object = {},
): Promise<number> => {
  const body = { type: 'document', title, content, language: 'en', ...more };
  return accepted(await by.send('POST', '/knowledge-base', body)).body.data.id as number;
};
