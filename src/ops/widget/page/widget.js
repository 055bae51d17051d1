import { Api } from './widget/api.js';
import { Chat } from './widget/chat.js';
import { Memory } from './widget/memory.js';
import { languageOf, TEXTS } from './widget/texts.js';
import { View } from './widget/view.js';

/**
 * A chat with the team on a page of the client's:
 *   <script type="module" src="https://chat.example.com/widget.js?key=pk_live_…"></script>
 * `&lang=de` in a language of your choice, instead of the visitor's. A page that knows who is there says so first:
 *   globalThis.parlance = { token: 'cst_live_…', customerId: 'cus_…' };
 */
const { origin, pathname, searchParams } = new URL(import.meta.url);
const publicKey = searchParams.get('key') ?? '';
const wanted = searchParams.get('lang');
const language = languageOf(wanted === null ? navigator.languages : [wanted]);
const texts = TEXTS[language];
const api = new Api(origin + pathname.replace(/\/widget\.js$/, ''), publicKey);

const { data } = await api.ask('GET', '/api/v1/live-chat/widget');
if (data.desk === null) {
  throw new Error('Parlance: this workspace has no live-chat desk.');
}
const chat = new Chat(api, data.desk, new Memory(publicKey), texts);
const view = new View(texts, language, data.desk, {
  open: () => chat.read(),
  write: (text) => void chat.write(text),
  typing: () => chat.typing(),
  attach: (file) => void chat.attach(file),
});
document.addEventListener('visibilitychange', () => chat.read());
await chat.begin(view, globalThis.parlance ?? null);
