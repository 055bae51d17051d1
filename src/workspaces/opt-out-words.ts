import type { OptOutSettings } from './workspace-settings.entity.js';

/** What always ends messages to whoever answers it; a workspace may add more, and take none away. */
export const STOP_WORDS = ['STOP', 'UNSUBSCRIBE', 'END', 'QUIT', 'STOPALL', 'REVOKE', 'OPTOUT', 'CANCEL'] as const;

/** What is answered where a workspace says nothing else; an empty one is not sent. */
export const REPLIES = {
  stop: 'You have been unsubscribed and will receive no more messages. Reply START to subscribe again.',
  start: 'You are subscribed again. Reply STOP to unsubscribe.',
  /** After the name of the workspace. */
  help: 'Reply STOP to unsubscribe.',
} as const;

/** What holds in a workspace of this name. */
export function optOutRulesOf(name: string, { scope = 'number', stop = [], replies }: OptOutSettings) {
  return {
    scope,
    stop: [...new Set([...STOP_WORDS, ...stop])],
    replies: {
      stop: replies?.stop ?? REPLIES.stop,
      start: replies?.start ?? REPLIES.start,
      help: replies?.help ?? `${name}: ${REPLIES.help}`,
    },
  };
}
