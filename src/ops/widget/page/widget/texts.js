/** What the widget says. Another language is another entry with the same keys. */
export const TEXTS = {
  en: {
    open: 'Open chat',
    openUnread: (count) => `Open chat, ${count} unread`,
    close: 'Close chat',
    log: 'Messages',
    write: 'Your message',
    send: 'Send',
    attach: 'Attach a file',
    attachment: 'Attachment',
    typing: (name) => `${name} is typing…`,
    connecting: 'Connecting…',
    failed: 'Your message was not sent. Please try again.',
    tooLarge: 'Files may have at most 25 MB.',
    slowDown: 'That was too fast. Please wait a moment.',
    you: 'You',
    read: 'Read',
    sent: 'Sent',
  },
  de: {
    open: 'Chat öffnen',
    openUnread: (count) => `Chat öffnen, ${count} ungelesen`,
    close: 'Chat schließen',
    log: 'Nachrichten',
    write: 'Ihre Nachricht',
    send: 'Senden',
    attach: 'Datei anhängen',
    attachment: 'Anhang',
    typing: (name) => `${name} schreibt…`,
    connecting: 'Verbindung wird aufgebaut…',
    failed: 'Ihre Nachricht wurde nicht gesendet. Bitte versuchen Sie es noch einmal.',
    tooLarge: 'Dateien dürfen höchstens 25 MB haben.',
    slowDown: 'Das war zu schnell. Bitte warten Sie einen Moment.',
    you: 'Sie',
    read: 'Gelesen',
    sent: 'Gesendet',
  },
};

/** The first of the languages that there are texts in, such as `de-AT`; else English. */
export function languageOf(wanted) {
  return wanted.map((one) => one.slice(0, 2).toLowerCase()).find((one) => Object.hasOwn(TEXTS, one)) ?? 'en';
}
