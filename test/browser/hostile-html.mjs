import { createServer } from 'node:http';
import { once } from 'node:events';

/** Runs where any of it runs: what it calls is noted by the page. */
const RUNS = 'ran(this)';
/** What people who mean harm write. Each calls `ran`, or asks for `/reached`, if a browser lets it. */
const HOSTILE = [
  `<script>${RUNS}</script>`,
  `<img src=x onerror=${RUNS}>`,
  `<svg onload="${RUNS}"></svg><svg><script>${RUNS}</script></svg>`,
  `<svg><animate onbegin="${RUNS}" attributeName=x dur=1s></svg>`,
  `<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=${RUNS}&gt;">`,
  `<math><mi//xlink:href="data:x,<script>${RUNS}</script>">`,
  `<form><math><mtext></form><form><mglyph><style></math><img src onerror=${RUNS}>`,
  `<svg></p><style><a id="</style><img src=1 onerror=${RUNS}>">`,
  `<noscript><p title="</noscript><img src=x onerror=${RUNS}>">`,
  `<textarea><img title="</textarea><img src=x onerror=${RUNS}>"></textarea>`,
  `<select><option><style></option></select><img src=x onerror=${RUNS}></style>`,
  `<xmp><p title="</xmp><img src=x onerror=${RUNS}>"></xmp>`,
  `<a href="javascript:${RUNS}">a</a><a href=" java\nscript&#58;${RUNS}">b</a><a href="vbscript:${RUNS}">c</a>`,
  `<a href="data:text/html,<script>opener.${RUNS}</script>">d</a>`,
  `<iframe srcdoc="<script>parent.ran()</script>"></iframe><iframe src="javascript:parent.ran()"></iframe>`,
  `<object data="data:text/html,<script>parent.ran()</script>"></object><embed src="/reached">`,
  `<video><source onerror=${RUNS}></video><audio src=x onerror=${RUNS}></audio><details open ontoggle=${RUNS}>`,
  `<body onload=${RUNS}><input autofocus onfocus=${RUNS}><marquee onstart=${RUNS}>`,
  `<style>@import "/reached"; * { background: url(/reached) } body { display: none }</style>`,
  `<link rel=stylesheet href=/reached><link rel=prefetch href=/reached><base href="/reached/">`,
  `<meta http-equiv=refresh content="0;url=/reached"><form action=/reached><button autofocus>x</button></form>`,
  `<p style="background:url(/reached);position:fixed;top:0;left:0;width:100vw;height:100vh;z-index:9">over all</p>`,
  `<div style="margin-top:-9999px;position:absolute">over</div><p id=menu class=admin name=ran>named</p>`,
  `<img srcset="/reached 2x" src="/reached"><picture><source srcset=/reached></picture><table background=/reached>`,
  `<template><img src=x onerror=${RUNS}></template><!--><img src=x onerror=${RUNS}>-->`,
  `<img src="x\` \`<script>${RUNS}</script>"\` \`>`,
  `<a href="https://x.example/&quot; onclick=&quot;${RUNS}">a</a>`,
];

/** How a page shows such HTML: within an element, as a document of its own, or twice over, as editors do. */
const WAYS = [
  (html) => {
    document.getElementById('mail').innerHTML = html;
  },
  async (html) => {
    const frame = document.getElementById('frame');
    const loaded = new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }));
    frame.srcdoc = `<script>window.ran = () => parent.ran()</script>${html}`;
    await loaded;
  },
  (html) => {
    // What was hidden comes to light where it is parsed, written out and parsed again.
    const once = document.createElement('div');
    once.innerHTML = html;
    document.getElementById('mail').innerHTML = once.innerHTML;
  },
];

/** Runs in the page: clicks what leads nowhere, lets all that loads fail, and tells how often anything ran, or is drawn over the page. */
async function aftermath() {
  for (const root of [document, document.getElementById('frame').contentDocument]) {
    for (const link of root?.querySelectorAll('a') ?? []) {
      if (!/^https?:/.test(link.href)) {
        link.target = '';
        link.click();
      }
    }
  }
  // An image that is asked for last has failed last.
  await new Promise((resolve) => {
    const last = new window.Image();
    last.addEventListener('error', resolve);
    last.src = '/last';
  });
  await new Promise((resolve) => window.requestAnimationFrame(() => window.requestAnimationFrame(resolve)));
  return window.times + Number(document.elementFromPoint(5, 5)?.id !== 'top');
}

/** What a reply is shown as in the inbox, in a page that would let it do anything. */
export function hostileHtml(server, page) {
  const ask = async (method, path, body) => {
    const response = await fetch(`${server.origin}/api/v1${path}`, {
      method,
      headers: { Authorization: `Bearer ${server.secretKey}`, 'Content-Type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
    if (!response.ok) {
      throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    }
    return (await response.json()).data;
  };
  const is = (what, found) => {
    if (!found) {
      throw new Error(`Not so: ${what}`);
    }
  };
  let host;
  /** Not its page: what is shown here as it was written gives a browser much to complain about. */
  const browser = page.context().browser();
  let reached = 0;
  /** How much harm it does where it is shown in each way, and whatever there is to click is clicked. */
  const harmOf = async (html) => {
    const home = `http://localhost:${host.address().port}/`;
    reached = 0;
    let harm = 0;
    for (const show of WAYS) {
      // A page of its own each time: what the one before is still up to can not lead it away.
      const inbox = await browser.newPage();
      await inbox.goto(home);
      // Whoever is led away can not tell.
      harm += await inbox
        .evaluate(show, html)
        .then(() => inbox.evaluate(aftermath))
        .catch(() => 1);
      harm += Number(inbox.url() !== home);
      await inbox.close();
    }
    return harm + reached;
  };
  return [
    [
      'hostile HTML does harm where it is shown as it was written',
      async () => {
        host = createServer((request, response) => {
          reached += Number(request.url.startsWith('/reached'));
          response.setHeader('Content-Type', 'text/html; charset=utf-8');
          response.end(
            request.url === '/'
              ? `<!doctype html><title>Inbox</title><link rel="icon" href="data:,"><script>window.times = 0; window.ran = () => { times += 1 }</script><style>body { margin: 0 }</style><div id="top" style="height:40px">Inbox</div><div id="mail"></div><iframe id="frame"></iframe>`
              : 'Reached',
          );
        }).listen(0, '127.0.0.1');
        await once(host, 'listening');
        host.unref();
        const harmless = [];
        for (const html of HOSTILE) {
          if ((await harmOf(html)) === 0) {
            harmless.push(html);
          }
        }
        // Some are for other browsers, or for older ones.
        is(`most of it does, but not\n${harmless.join('\n')}`, harmless.length <= HOSTILE.length / 3);
      },
    ],
    [
      'as a reply is shown in the inbox it runs nothing, loads nothing and draws over nothing',
      async () => {
        await ask('POST', '/email-accounts', {
          email: 'support@hostile.example',
          from_name: 'Shop',
          smtp: { host: '127.0.0.1', port: 2525 },
        });
        const contact = await ask('POST', '/contacts', { first_name: 'Anna', email: 'anna@hostile.example' });
        const { id } = await ask('POST', '/conversations', {
          contact_id: contact.id,
          channel: 'email',
          message: 'Hello',
        });
        for (const html of HOSTILE) {
          const { body_html: shown } = await ask('POST', `/conversations/${id}/reply`, { body: `<p>Hello</p>${html}` });
          is('it is shown', shown.includes('Hello'));
          is(`nothing comes of ${html}, shown as ${shown}`, (await harmOf(shown)) === 0);
        }
        host.close();
        host.closeAllConnections();
      },
    ],
  ];
}
