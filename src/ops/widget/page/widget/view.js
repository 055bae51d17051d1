import { STYLE } from './style.js';

const BUBBLE =
  '<svg viewBox="0 0 24 24" fill="currentColor" aria-hidden="true"><path d="M4 3h16a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2H9l-5 4v-4a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2z"/></svg>';
const LONGEST = 16_000;
/** What a page may show by itself. */
const SHOWN_IMAGES = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'];

function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

/** What is seen. It knows nothing of the server: `on` is told what the visitor does. */
export class View {
  #messages = new Map();

  /** @param on open, close, write, typing, attach */
  constructor(texts, language, { name, welcome }, on) {
    this.texts = texts;
    this.on = on;
    const host = element('div', { lang: language });
    host.dataset.parlance = 'widget';
    const root = host.attachShadow({ mode: 'open' });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];
    this.#build(name, welcome);
    root.append(this.panel, this.launcher);
    document.body.append(host);
  }

  get isOpen() {
    return !this.panel.hidden;
  }

  #build(name, welcome) {
    const { texts } = this;
    this.badge = element('span', { className: 'badge', hidden: true, ariaHidden: 'true' });
    this.launcher = element('button', { className: 'launcher', type: 'button', innerHTML: BUBBLE });
    this.launcher.append(this.badge);
    this.launcher.setAttribute('aria-controls', 'parlance-panel');
    const closer = element('button', { type: 'button', textContent: '×', ariaLabel: texts.close });
    this.log = element('div', { className: 'log', role: 'log', ariaLabel: texts.log, tabIndex: 0 });
    if (welcome) {
      this.log.append(element('div', { className: 'message welcome' }, element('p', { className: 'says' }, welcome)));
    }
    this.status = element('p', { className: 'status', role: 'status' });
    this.input = element('textarea', { rows: 1, maxLength: LONGEST, ariaLabel: texts.write, placeholder: texts.write });
    this.picker = element('input', { type: 'file', hidden: true });
    const attach = element('button', {
      type: 'button',
      className: 'attach',
      textContent: '+',
      ariaLabel: texts.attach,
    });
    const send = element('button', { type: 'submit', textContent: texts.send });
    this.form = element('form', {}, attach, this.picker, this.input, send);
    const title = element('h2', { textContent: name });
    this.panel = element('section', {
      id: 'parlance-panel',
      className: 'panel',
      role: 'dialog',
      ariaLabel: name,
      hidden: true,
    });
    this.panel.append(element('header', {}, title, closer), this.log, this.status, this.form);
    this.showUnread(0);

    this.launcher.addEventListener('click', () => (this.isOpen ? this.close() : this.open()));
    closer.addEventListener('click', () => this.close());
    this.panel.addEventListener('keydown', ({ key }) => key === 'Escape' && this.close());
    attach.addEventListener('click', () => this.picker.click());
    this.picker.addEventListener('change', () => {
      const [file] = this.picker.files;
      this.picker.value = '';
      if (file) {
        this.on.attach(file);
      }
    });
    this.input.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        this.form.requestSubmit();
      }
    });
    this.input.addEventListener('input', () => this.on.typing());
    this.form.addEventListener('submit', (event) => {
      event.preventDefault();
      const text = this.input.value.trim();
      if (text !== '') {
        this.on.write(text);
      }
    });
  }

  open() {
    this.panel.hidden = false;
    this.launcher.setAttribute('aria-expanded', 'true');
    this.launcher.ariaLabel = this.texts.close;
    this.input.focus();
    this.log.scrollTop = this.log.scrollHeight;
    this.on.open();
  }

  close() {
    this.panel.hidden = true;
    this.showUnread(Number(this.badge.textContent));
    this.launcher.focus();
  }

  showUnread(count) {
    this.badge.textContent = count;
    this.badge.hidden = count === 0;
    this.launcher.setAttribute('aria-expanded', String(this.isOpen));
    const { open, openUnread, close } = this.texts;
    this.launcher.ariaLabel = this.isOpen ? close : count === 0 ? open : openUnread(count);
  }

  say(text) {
    this.status.textContent = text;
  }

  /** Once, and where it belongs by its position, in whatever order messages come. */
  show({ id, position, says, isMine, by }) {
    if (this.#messages.has(id)) {
      return;
    }
    const who = element('span', { className: 'who', textContent: `${by}: ` });
    const body = element('div', { className: 'says' }, who, says);
    const item = element('div', { className: isMine ? 'message mine' : 'message' }, body);
    if (isMine) {
      item.append(element('span', { className: 'mark', textContent: this.texts.sent }));
    }
    item.dataset.position = position;
    const later = [...this.#messages.values()].find((other) => Number(other.dataset.position) > position);
    this.#messages.set(id, item);
    this.log.insertBefore(item, later ?? null);
    this.log.scrollTop = this.log.scrollHeight;
  }

  /** @param addressOf answers the name and the address of a file */
  fileLinks(files, addressOf) {
    const links = element('span');
    for (const file of files) {
      const link = element('a', { target: '_blank', rel: 'noopener noreferrer' }, this.texts.attachment);
      links.append(link, ' ');
      addressOf(file).then(
        ({ name, url }) => {
          link.href = url;
          link.textContent = name ?? this.texts.attachment;
          if (SHOWN_IMAGES.includes(file.mime_type)) {
            link.replaceChildren(element('img', { src: url, alt: link.textContent }));
          }
        },
        () => undefined,
      );
    }
    return links;
  }

  remove(id) {
    this.#messages.get(id)?.remove();
    this.#messages.delete(id);
  }

  markRead(position) {
    for (const item of this.#messages.values()) {
      if (item.classList.contains('mine') && Number(item.dataset.position) <= position) {
        item.classList.add('read');
        item.querySelector('.mark').textContent = this.texts.read;
      }
    }
  }
}
