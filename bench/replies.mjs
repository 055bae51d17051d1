import { createServer } from 'node:http';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { percentile, median } from './measure.mjs';
import { driveHttp } from './load.mjs';
import { post } from './post.mjs';

const CHATS = 64;
const PAIRS = 4;
const BODY = 'Shall we meet at the usual place tomorrow?';
/** Of a mail, in bytes; and how many of them come in a second. */
const MAIL_BYTES = 20_000;
const MAILS_PER_SECOND = 20;
/** For what is still on its way. */
const LATE_MILLIS = 10_000;

/** Replies to chats, and sends of the core in the same channels, from 16 connections: requests a second, of the middle pair. */
export async function measureReplies({ server, seed }, seconds) {
  const { data: desk } = await post(server, '/api/v1/live-chat/desks', { name: 'Support' });
  const [replies, sends] = [[], []];
  for (let at = 0; at < CHATS; at += 1) {
    const { id } = await post(server, '/api/v1/customers', { name: 'Anna', email: `anna${at}@example.com` });
    const { token } = await post(server, `/api/v1/customers/${id}/sessions`, {});
    const visitor = { ...server, headers: { authorization: `Bearer ${token}` } };
    const { data } = await post(visitor, '/api/v1/live-chat/conversations', { body: 'Hi' });
    const place = { channel_uuid: data.channel_id, sender_uuid: desk.customer_id, type: 'text', content: BODY };
    replies.push({
      ...{ method: 'POST', path: `/api/v1/conversations/${data.conversation_id}/reply` },
      body: JSON.stringify({ body: BODY }),
    });
    sends.push({ method: 'POST', path: '/api/v1/messages', body: JSON.stringify(place) });
  }
  const drive = async (requests) => (await driveHttp(server, requests, { seconds })).perSecond;
  // Or PostgreSQL plans for a workspace in which nothing was said.
  await drive(replies);
  await seed.settle();
  const pairs = [];
  for (let pair = 0; pair < PAIRS; pair += 1) {
    const [reply, send] = [await drive(replies), await drive(sends)];
    pairs.push({ reply, send, ratio: reply / send });
  }
  const middle = (figure) => median(pairs.map((pair) => pair[figure]));
  return { reply: middle('reply'), send: middle('send'), ratio: middle('ratio') };
}

/** Mails that come in by the hook, so many a second: milliseconds from each to the webhook that tells of it. */
export async function measureInbound(server, seconds) {
  const smtp = { host: '127.0.0.1', port: 1 };
  const { data } = await post(server, '/api/v1/email-accounts', { email: 'us@bench.example', from_name: 'Us', smtp });
  const arrived = new Map();
  const receiver = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (part) => (text += part));
    request.on('end', () => {
      const [, at] = /Mail (\d+)\./.exec(text) ?? [];
      arrived.set(Number(at), performance.now());
      response.end();
    });
  }).listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  const url = `http://127.0.0.1:${receiver.address().port}/`;
  await post(server, '/api/v1/webhook_endpoints', { url, events: ['message.created'] });
  const path = new URL(data.inbound.url).pathname;
  const left = [];
  const count = Math.ceil(seconds * MAILS_PER_SECOND);
  const begun = performance.now();
  const sent = [];
  for (let at = 0; at < count; at += 1) {
    await sleep(Math.max(0, begun + (at * 1_000) / MAILS_PER_SECOND - performance.now()));
    left.push(performance.now());
    sent.push(
      fetch(server.base + path, { method: 'POST', headers: { 'content-type': 'message/rfc822' }, body: mail(at) }),
    );
  }
  const refused = (await Promise.all(sent)).filter(({ status }) => status !== 202);
  const end = performance.now() + LATE_MILLIS;
  while (arrived.size < count && performance.now() < end) {
    await sleep(20);
  }
  receiver.close();
  receiver.closeAllConnections();
  if (refused.length > 0 || arrived.size < count) {
    throw new Error(`${refused.length} mails refused, ${arrived.size} of ${count} told of.`);
  }
  const millis = left.map((from, at) => arrived.get(at) - from);
  return { p50: percentile(millis, 0.5), p99: percentile(millis, 0.99) };
}

function mail(at) {
  const line = `${'Words and more of them. '.repeat(3)}\r\n`;
  return [
    `From: Person ${at} <person${at}@example.com>`,
    'To: us@bench.example',
    `Message-ID: <mail${at}@example.com>`,
    `Subject: Question ${at}`,
    '',
    `Mail ${at}.`,
    line.repeat(Math.ceil(MAIL_BYTES / line.length)),
  ].join('\r\n');
}
