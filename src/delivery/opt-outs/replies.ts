import type { Keyword } from './keywords.js';

/** What is answered to a keyword, in the name of the client. */
export function replyTo(keyword: Keyword, name: string): string {
  switch (keyword) {
    case 'stop':
      return 'You have been unsubscribed and will get no more messages from this number. Reply START to subscribe again.';
    case 'start':
      return 'You are subscribed again. Reply STOP to unsubscribe.';
    case 'help':
      return `${name}: reply STOP to unsubscribe, START to subscribe again.`;
  }
}
