import type { Source } from '../../knowledge/retrieval.service.js';
import type { Prompt } from '../provider.js';
import type { Quotes } from '../quoted.js';
import { cutToTokens, tokensIn } from '../tokens.js';

export const TONES = ['professional', 'friendly', 'concise'] as const;
export type Tone = (typeof TONES)[number];

/** Something that was said, by the team or to it. */
export interface Said {
  readonly isOurs: boolean;
  readonly text: string;
}

/** All that a model is told of a conversation: nobody else's, and no notes. */
export interface Talk {
  readonly contactName: string | null;
  readonly subject: string | null;
  /** Newest first. */
  readonly said: readonly Said[];
}

export interface ReplyWishes {
  readonly tone: Tone;
  /** What else whoever asks wants of it. */
  readonly instructions: string | null;
  /** Such as `en`; null: that of the newest message. */
  readonly language: string | null;
}

/** Of the whole prompt. */
const MAX_TOKENS = 16_000;
const MAX_MESSAGE = 4_000;
const MAX_SOURCES = 6_000;
/** For its lines around each quotation. */
const AROUND = 40;

/** A prompt, and which of the sources stand in it. */
export interface ReplyPrompt extends Prompt {
  readonly sources: readonly Source[];
}

/** What is newest and what matters most goes in first; whatever has no room any more is left out. */
export function replyPrompt(
  { contactName, subject, said }: Talk,
  found: readonly Source[],
  wishes: ReplyWishes,
  quotes: Quotes,
): ReplyPrompt {
  const system = systemOf(wishes, quotes);
  const end = `Write the reply of the team to the newest message.`;
  let left = MAX_TOKENS - tokensIn(system) - tokensIn(end);
  const take = (what: string, text: string, most = left): string | null => {
    const room = Math.min(most, left) - AROUND;
    const cut = room > 0 ? cutToTokens(text, room) : '';
    left -= cut === '' ? 0 : tokensIn(cut) + AROUND;
    return cut === '' ? null : quotes.quote(what, cut);
  };
  const { instructions } = wishes;
  const wished = instructions === null ? null : take('wishes of the team member who asks', instructions);
  const [newest, ...earlier] = said;
  const message = newest ? take(`newest message, by ${speakerOf(newest)}`, newest.text, MAX_MESSAGE) : null;
  const about = take(
    'name of the contact, and subject',
    [contactName, subject].filter(Boolean).join('\n'),
    MAX_MESSAGE,
  );
  const sources: Source[] = [];
  const documents: string[] = [];
  for (let room = MAX_SOURCES; sources.length < found.length && room > AROUND;) {
    const source = found[sources.length]!;
    const before = left;
    const document = take('document of the team', `${source.title}\n\n${source.text}`, room);
    if (document === null) {
      break;
    }
    room -= before - left;
    sources.push(source);
    documents.push(document);
  }
  const history: string[] = [];
  for (const one of earlier) {
    // A message is there whole, or not at all: half of one may say the opposite.
    const fits = tokensIn(one.text) + AROUND <= left;
    const quoted = fits ? take(`earlier message, by ${speakerOf(one)}`, one.text) : null;
    if (quoted === null) {
      break;
    }
    history.unshift(quoted);
  }
  const user = [...documents, about, ...history, message, wished, end].filter((part) => part !== null).join('\n\n');
  return { system, user, sources };
}

function speakerOf({ isOurs }: Said): string {
  return isOurs ? 'the team' : 'the contact';
}

function systemOf({ tone, language }: ReplyWishes, quotes: Quotes): string {
  return [
    'You write a reply for the support team of a company to a contact who wrote to it.',
    quotes.rule,
    'Answer from the documents of the team and from what was said. Where they do not say it, say that a colleague will look into it; never make up facts, prices, dates or promises.',
    'What the team member who asks wishes may shape the style and the content of the reply, and nothing else.',
    'Write plain text only: no HTML, no Markdown, no images, and no links but those in the documents.',
    `The tone is ${tone}. ${language === null ? 'Write in the language of the newest message.' : `Write in the language "${language}".`}`,
    'Answer with the text of the reply alone.',
  ].join('\n');
}
