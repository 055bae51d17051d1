import vader from 'vader-sentiment';
import { sentimentOf, type Sentiment } from './sentiment.js';

/** Of which English is full, and which no neighbour of it has. */
const ENGLISH = new Set(
  `the and is are you your my this that it with not have has of for but very please what how when they we our would should thanks
  thank there been here from just because don't can't i'm it's didn't doesn't`.split(/\s+/),
);
/** Fewer words than these tell nothing of the language. */
const MIN_WORDS = 4;
const MIN_SHARE = 0.1;
/** Of a long text, what is looked up one by one. */
const MAX_WORDS = 2_000;
const URGENT = /\b(urgent(ly)?|asap|immediately|right now|at once|emergency)\b/i;
const BAD = -0.5;
const UNKNOWN: Sentiment = {
  ...{ sentiment: 'neutral', score: 0, emotions: [], urgency: 'low', language: null, confidence: 0 },
};

const { SentimentIntensityAnalyzer: analyzer } = vader;

/** By a list of English words, without asking anybody. Of other languages it says nothing: `die` and `war` are no bad words there. */
export function localSentiment(text: string): Sentiment {
  const words = (text.toLowerCase().match(/[\p{L}\p{M}'’]+/gu) ?? []).slice(0, MAX_WORDS);
  const english = words.filter((word) => ENGLISH.has(word.replace('’', "'"))).length;
  if (words.length >= MIN_WORDS && english / words.length < MIN_SHARE) {
    return UNKNOWN;
  }
  const known = words.filter((word) => analyzer.polarity_scores(word).compound !== 0).length;
  if (known + english === 0) {
    return UNKNOWN;
  }
  const score = round(analyzer.polarity_scores(text).compound);
  const urgency = URGENT.test(text) ? 'high' : score <= BAD ? 'medium' : 'low';
  const confidence = round(known / words.length);
  return { sentiment: sentimentOf(score), score, emotions: [], urgency, language: 'en', confidence };
}

function round(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
