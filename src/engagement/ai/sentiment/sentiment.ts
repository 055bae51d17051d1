export const SENTIMENTS = ['positive', 'neutral', 'negative'] as const;
export type SentimentName = (typeof SENTIMENTS)[number];
export const URGENCIES = ['low', 'medium', 'high'] as const;
export type Urgency = (typeof URGENCIES)[number];

/** How somebody feels, as far as a text tells it. */
export interface Sentiment {
  readonly sentiment: SentimentName;
  /** From -1 to 1. */
  readonly score: number;
  readonly emotions: readonly string[];
  readonly urgency: Urgency;
  /** Such as `en`; null where it is not known. */
  readonly language: string | null;
  /** From 0 to 1. */
  readonly confidence: number;
}

/** Nearer to 0 than this is neither. */
const NEUTRAL = 0.05;

export function sentimentOf(score: number): SentimentName {
  return score >= NEUTRAL ? 'positive' : score <= -NEUTRAL ? 'negative' : 'neutral';
}
