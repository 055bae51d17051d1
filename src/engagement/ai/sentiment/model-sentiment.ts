import { isObject } from '../../../platform/common/fields/json-value.js';
import type { Prompt } from '../provider.js';
import { Quotes } from '../quoted.js';
import { cutToTokens } from '../tokens.js';
import { SENTIMENTS, sentimentOf, URGENCIES, type Sentiment, type SentimentName, type Urgency } from './sentiment.js';

const MAX_TOKENS = 15_000;
const MAX_EMOTIONS = 10;
const EMOTION = /^[\p{Ll}\p{M} -]{1,50}$/u;
const LANGUAGE = /^[a-z]{2,3}(-[a-z\d]{2,8})?$/i;

export function sentimentPrompt(text: string, quotes = new Quotes()): Prompt {
  const system = [
    'You tell how the person who wrote a text feels.',
    quotes.rule,
    'Answer with one JSON object and nothing else:',
    '{"sentiment":"positive|neutral|negative","score":-1 to 1,"emotions":["anger"],"urgency":"low|medium|high","language":"en","confidence":0 to 1}',
    `"emotions" are at most ${MAX_EMOTIONS} English words in small letters.`,
  ].join('\n');
  return { system, user: quotes.quote('text', cutToTokens(text, MAX_TOKENS)) };
}

/** What a model answered; null where that is not what it was asked for. */
export function readSentiment(answer: string): Sentiment | null {
  const said = parsed(answer.slice(answer.indexOf('{'), answer.lastIndexOf('}') + 1));
  if (!isObject(said) || !within(said.score, -1, 1)) {
    return null;
  }
  const { sentiment, score, emotions, urgency, language, confidence } = said;
  return {
    sentiment: SENTIMENTS.includes(sentiment as SentimentName) ? (sentiment as SentimentName) : sentimentOf(score),
    score,
    emotions: (Array.isArray(emotions) ? (emotions as unknown[]) : [])
      .filter((one) => typeof one === 'string' && EMOTION.test(one))
      .slice(0, MAX_EMOTIONS) as string[],
    urgency: URGENCIES.includes(urgency as Urgency) ? (urgency as Urgency) : 'low',
    language: typeof language === 'string' && LANGUAGE.test(language) ? language : null,
    confidence: within(confidence, 0, 1) ? confidence : 0,
  };
}

function within(value: unknown, min: number, max: number): value is number {
  return typeof value === 'number' && value >= min && value <= max;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
