import type { Request } from 'express';

/** What a reader of a campaign is shown. */
export type ReaderPage = 'ask' | 'done' | 'undone' | 'nowhere';

interface Shown {
  readonly title: string;
  readonly says: string;
  readonly button?: string;
}

const TEXTS: Readonly<Record<'en' | 'de', Readonly<Record<ReaderPage, Shown>>>> = {
  en: {
    ask: { title: 'Unsubscribe?', says: 'You will get no more of these mails.', button: 'Unsubscribe' },
    done: { title: 'You are unsubscribed.', says: 'You will get no more of these mails.', button: 'Undo' },
    undone: { title: 'You are subscribed again.', says: 'You will get these mails as before.', button: 'Unsubscribe' },
    nowhere: { title: 'This link leads nowhere.', says: 'It may have been cut off on its way.' },
  },
  de: {
    ask: { title: 'Abmelden?', says: 'Sie erhalten diese Mails dann nicht mehr.', button: 'Abmelden' },
    done: { title: 'Sie sind abgemeldet.', says: 'Sie erhalten diese Mails nicht mehr.', button: 'Rückgängig machen' },
    undone: { title: 'Sie sind wieder angemeldet.', says: 'Sie erhalten diese Mails wie bisher.', button: 'Abmelden' },
    nowhere: { title: 'Dieser Link führt nirgends hin.', says: 'Vielleicht ging unterwegs ein Teil verloren.' },
  },
};
const STYLE =
  'body{font:1rem/1.5 system-ui,sans-serif;max-width:28rem;margin:4rem auto;padding:0 1rem}button{font:inherit;width:100%;padding:.75rem}';

/** A page without scripts, whose button works everywhere. */
export function pageOf(request: Request, page: ReaderPage): string {
  const language = request.acceptsLanguages('en', 'de') === 'de' ? 'de' : 'en';
  const { title, says, button } = TEXTS[language][page];
  // Relative, as a proxy may have put something in front of the path; without one, a form goes where its page is.
  const token = encodeURIComponent(String(request.params.token));
  const undo = request.path.endsWith('/') ? 'undo' : `${token}/undo`;
  const actions: Partial<Record<ReaderPage, string>> = { done: undo, undone: `../${token}` };
  const action = actions[page] === undefined ? '' : ` action="${actions[page]}"`;
  const form = button === undefined ? '' : `<form method="post"${action}><button>${button}</button></form>`;
  return `<!doctype html>
<html lang="${language}">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="robots" content="noindex" />
    <meta name="color-scheme" content="light dark" />
    <title>${title}</title>
    <style>${STYLE}</style>
  </head>
  <body>
    <main>
      <h1>${title}</h1>
      <p>${says}</p>
      ${form}
    </main>
  </body>
</html>
`;
}
