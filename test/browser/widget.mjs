import { once } from 'node:events';
import { createServer } from 'node:http';
import Pusher from 'pusher-js';
import { formatId } from '../../dist/src/platform/common/ids/type-id.js';

const HEARD_MILLIS = 10_000;

/** A chat of a page on another origin, as an integrator puts it there, with somebody of the team who answers by the API. */
export function widget(server, page) {
  const root = page.locator('[data-parlance=widget]');
  const log = root.getByRole('log');
  const box = root.getByRole('textbox', { name: 'Your message' });
  const message = (text) => log.locator('.message', { hasText: text });
  const team = async (method, path, body) => {
    const response = await fetch(`${server.origin}/api/v1${path}`, {
      method,
      headers: {
        Authorization: `Bearer ${server.secretKey}`,
        ...(body && { 'Content-Type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    if (!response.ok) {
      throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    }
    return response.status === 204 ? null : response.json();
  };
  const is = async (what, found) => {
    if (!found) {
      throw new Error(`Not so: ${what}`);
    }
  };
  let host;
  /** Of the visitor, among those of the pages before. */
  let conversation;
  /** How many those pages have made. */
  let contacts;
  const sockets = new Set();
  let isDown = false;
  const close = async () => {
    host.close();
    host.closeAllConnections();
    await once(host, 'close');
  };
  return [
    [
      'the widget opens on a page of another origin, by the keyboard alone',
      async () => {
        await team('POST', '/live-chat/desks', { name: 'Support', welcome: 'How can we help?' });
        contacts = (await team('GET', '/contacts')).meta.total;
        const script = `<script type="module" src="${server.origin}/widget.js?key=${server.publicKey}"></script>`;
        host = createServer((_, response) => {
          // The page has a style for everything, which the widget must not take over, and a strict policy.
          response.setHeader('Content-Type', 'text/html; charset=utf-8');
          response.setHeader(
            'Content-Security-Policy',
            `default-src 'none'; style-src 'unsafe-inline'; img-src ${server.origin} data:; script-src ${server.origin}; connect-src ${server.origin} ${server.origin.replace('http', 'ws')}`,
          );
          response.end(
            `<!doctype html><html lang="en"><title>Shop</title><style>* { color: red; font-size: 40px }</style><link rel="icon" href="data:,"><h1>Shop</h1>${script}</html>`,
          );
        }).listen(0, '127.0.0.1');
        await once(host, 'listening');
        // Where a check fails, nothing is to wait for it.
        host.unref();
        // A connection that is lost, as often as the test says so.
        await page.routeWebSocket(/\/app\//, (socket) => {
          if (isDown) {
            void socket.close({ code: 4100 });
          } else {
            socket.connectToServer();
            sockets.add(socket);
          }
        });
        await page.goto(`http://localhost:${host.address().port}`);
        await root.getByRole('button', { name: 'Open chat', exact: true }).waitFor();
        await page.keyboard.press('Tab');
        await page.keyboard.press('Enter');
        await root.getByRole('dialog', { name: 'Support' }).waitFor();
        await message('How can we help?').waitFor();
        await is('the cursor is in the box', await box.evaluate((one) => one.getRootNode().activeElement === one));
        await is('nobody was made', (await team('GET', '/contacts')).meta.total === contacts);
        const color = await message('How can we help?').evaluate((one) => window.getComputedStyle(one).color);
        await is('its styles are its own', color !== 'rgb(255, 0, 0)');
      },
    ],
    [
      'what a visitor writes is in the inbox, and the answer in the chat, once',
      async () => {
        await page.keyboard.type('Hello');
        await page.keyboard.press('Enter');
        await message('Hello').waitFor();
        const { data } = await team('GET', '/conversations');
        await is('it is in the inbox', data[0].preview === 'Hello' && data[0].contact.name === 'Visitor');
        conversation = `/conversations/${data[0].id}`;
        await team('POST', `${conversation}/reply`, { body: 'Hi there' });
        await message('Hi there').waitFor();
        await is('each stands there once', (await log.locator('.message').count()) === 3);
      },
    ],
    [
      'the team sees that the visitor writes, and that it stops',
      async () => {
        const { data } = await team('GET', '/conversations');
        const heard = listener(server, data[0].uuid);
        try {
          await heard.ready;
          const begun = heard.next('typing.started');
          await box.pressSequentially('Well');
          await is('it is the visitor', (await begun).customer_id.startsWith('cus_'));
          await heard.next('typing.stopped');
          await box.fill('');
        } finally {
          heard.end();
        }
      },
    ],
    [
      'the team reads it, and the visitor sees that',
      async () => {
        await team('GET', conversation);
        await log.locator('.mine.read', { hasText: 'Hello' }).waitFor();
      },
    ],
    [
      'what comes while the chat is closed is counted, for ears too, until it is opened',
      async () => {
        await page.keyboard.press('Escape');
        await root.getByRole('dialog').waitFor({ state: 'hidden' });
        await team('POST', `${conversation}/reply`, { body: 'Are you there?' });
        await root.getByRole('button', { name: 'Open chat, 1 unread' }).waitFor();
        await page.keyboard.press('Enter');
        await root.locator('.badge').waitFor({ state: 'hidden' });
      },
    ],
    [
      'a file arrives, and can be fetched',
      async () => {
        const png = Buffer.from(
          'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
          'base64',
        );
        await root.locator('input[type=file]').setInputFiles({ name: 'dot.png', mimeType: 'image/png', buffer: png });
        const image = log.locator('.mine img[alt="dot.png"]');
        await image.waitFor();
        await page.waitForFunction((one) => one.naturalWidth === 1, await image.elementHandle());
        const { messages } = await team('GET', `${conversation}?mark_read=0`);
        await is('the team has it', messages.at(-1).attachments[0].mime_type === 'image/png');
      },
    ],
    [
      'a visitor who comes back goes on, in German if that is its language',
      async () => {
        // All that was said is read by now.
        await team('GET', conversation);
        await page.addInitScript(() => {
          Object.defineProperty(navigator, 'languages', { value: ['de-AT', 'en'] });
        });
        await page.reload();
        await root.getByRole('button', { name: 'Chat öffnen' }).click();
        await message('Hi there').waitFor();
        await log.locator('.mine.read', { hasText: 'Hello' }).waitFor();
        await root.getByRole('textbox', { name: 'Ihre Nachricht' }).waitFor();
        await root.getByRole('textbox').fill('Ja');
        await root.getByRole('button', { name: 'Senden' }).click();
        await message('Ja').waitFor();
        await is('it is the same contact', (await team('GET', '/contacts')).meta.total === contacts + 1);
      },
    ],
    [
      'what was said while the connection was lost is there afterwards, once and in order',
      async () => {
        isDown = true;
        await Promise.all([...sockets].map((socket) => socket.close({ code: 4100 })));
        await root.getByText('Verbindung wird aufgebaut…').waitFor();
        await team('POST', `${conversation}/reply`, { body: 'First' });
        await team('POST', `${conversation}/reply`, { body: 'Second' });
        isDown = false;
        await message('Second').waitFor();
        const last = await log.locator('.message').allInnerTexts();
        await is('they are in order', /First/.test(last.at(-2)) && /Second/.test(last.at(-1)));
      },
    ],
    [
      'markup is shown as it was written, and dark is as readable as light',
      async () => {
        await root.getByRole('textbox').fill('<img src=x onerror="document.title=1">');
        await page.keyboard.press('Enter');
        await message('<img src=x').waitFor();
        for (const colorScheme of ['light', 'dark']) {
          await page.emulateMedia({ colorScheme });
          const [front, back] = await root
            .getByRole('dialog')
            .evaluate((one) => [window.getComputedStyle(one).color, window.getComputedStyle(one).backgroundColor]);
          await is(`${front} on ${back} can be read`, contrast(front, back) >= 4.5);
        }
        await page.emulateMedia({ colorScheme: 'light' });
        await is('nothing ran', (await page.title()) === 'Shop');
        await close();
      },
    ],
  ];
}

/** Somebody of the team, by the key, who hears what happens in a channel. */
function listener({ origin, publicKey, secretKey }, channelId) {
  const { hostname, port } = new URL(origin);
  const headers = { Authorization: `Bearer ${secretKey}`, 'X-Public-Key': publicKey };
  const pusher = new Pusher(publicKey, {
    ...{ cluster: '', wsHost: hostname, wsPort: Number(port), forceTLS: false, enabledTransports: ['ws'] },
    channelAuthorization: { endpoint: `${origin}/broadcasting/auth`, headers },
  });
  const channel = pusher.subscribe(`private-channel.${formatId('channel', channelId)}`);
  const next = (event) =>
    new Promise((resolve, reject) => {
      channel.bind(event, resolve);
      setTimeout(() => reject(new Error(`No ${event} within ${HEARD_MILLIS} ms`)), HEARD_MILLIS).unref();
    });
  return { ready: next('pusher:subscription_succeeded'), next, end: () => pusher.disconnect() };
}

/** As WCAG has it, of two colors as browsers write them. */
function contrast(one, two) {
  const luminance = (color) => {
    const [r, g, b] = color.match(/[\d.]+/g).map((part) => {
      const value = Number(part) / 255;
      return value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const [dark, light] = [luminance(one), luminance(two)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}
