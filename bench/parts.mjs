import { keyed, readsOf, sendTo } from './calls.mjs';
import { CAMPAIGN_PARTS } from './campaign-parts.mjs';
import { measureCatchUp } from './catch-up.mjs';
import { measureCrowd } from './crowd.mjs';
import { measureGrowth } from './growth.mjs';
import { measureImports } from './imports.mjs';
import { INBOX_PARTS } from './inbox-parts.mjs';
import { KNOWLEDGE_PARTS } from './knowledge-parts.mjs';
import { measureLayerSend } from './layer.mjs';
import { listsOf, measureBackwards, measureLists } from './lists.mjs';
import { measureMemory } from './memory.mjs';
import { measureNeighbour } from './neighbour.mjs';
import { atLeast, atMost, table, verdict, whole as rounded } from './report.mjs';
import { measureFanOut, measureIdleSockets } from './sockets.mjs';
import { measureStalled } from './stalled.mjs';
import { TEXT_PARTS } from './text-parts.mjs';
import { measureCall } from './throughput.mjs';
import { measureNumberless, measureUnheard } from './unheard.mjs';

/** A list may take this many times as long with a hundred times the messages, and a message to a member in a crowd. */
const GROWTH = 1.5;
/** Times as long as forwards that a page may take when it is read backwards. */
const BACKWARDS = 1.5;
const MILLION = 1_000_000;
/** Rows of a file of contacts: a million take longer than a part may. */
const IMPORTED = Number(process.env.BENCH_IMPORTED || 100_000);

/**
 * What can be measured alone, in the order of a whole run: the lists first, which want to see the tenant grow, and last what
 * restarts the server. Each answers `rows` of the table of calls, `lines` of its own, `targets`.
 */
export const PARTS = {
  lists: async (world, seconds) => {
    // Of each list, five times; a thousand and more in a run of the usual length.
    const perRound = Math.min(250, 64 * seconds);
    const lists = await listsOf(world.session, world.client.clientId);
    const few = await measureLists(world.server, lists, perRound);
    await world.grown();
    const many = await measureLists(world.server, lists, perRound);
    return listsReport(few, many, await measureBackwards(world.server, lists, perRound), sizeOf(world.many));
  },

  send: async (world, seconds) => {
    const send = sendTo(await world.talks());
    return rows(
      await measureCall(world, 'send', send, {
        ...{ connections: 16, seconds },
        targets: { own: 0.38, reference: 0.45, bare: 1 },
      }),
      await measureCall(world, 'send', send, { connections: 64, seconds, targets: { reference: 0.6 } }),
    );
  },

  tenants: async (world, seconds) => {
    const send = sendTo(await world.twenty());
    const name = 'send, twenty tenants';
    return rows(
      await measureCall(world, name, send, { connections: 16, seconds }),
      await measureCall(world, name, send, { connections: 64, seconds, targets: { reference: 0.5 } }),
    );
  },

  busy: async (world, seconds) => {
    const [talk] = await world.talks();
    const options = { connections: 64, seconds, targets: { reference: 4 } };
    return rows(await measureCall(world, 'send into one channel', sendTo([talk]), options));
  },

  keyed: async (world, seconds) => {
    const send = sendTo(await world.talks());
    const measure = (connections) =>
      measureCall(world, 'send with a key', keyed(send), {
        ...{ connections, seconds, targets: { keyless: 0.8 } },
        besides: (http) => ({ keyless: http(world.server, send.requests) }),
      });
    return rows(await measure(16), await measure(64));
  },

  page: async (world, seconds) => {
    const { page } = readsOf(await world.talks());
    const targets = { own: 0.22, bare: 0.85 };
    return rows(
      await measureCall(world, 'page of a channel', page, { connections: 16, seconds, targets }),
      await measureCall(world, 'page of a channel', page, { connections: 64, seconds, targets: { bare: 0.85 } }),
    );
  },

  reads: async (world, seconds) => {
    const measured = [];
    for (const call of readsOf(await world.talks()).others) {
      measured.push(await measureCall(world, call.name, call, { connections: 16, seconds }));
    }
    return rows(...measured);
  },

  unheard: async (world) => {
    await world.grown();
    const send = sendTo(await world.talks());
    const { whole, rest, kept } = await measureUnheard(world.database, send);
    const numberless = await measureNumberless(world.database, send);
    return {
      lines: [
        `- Send with nobody listening, plain pg: ${rounded(whole)}/s, and ${rounded(rest)}/s without the parts that write an event.`,
      ],
      targets: [
        atLeast('a send with an unheard event, of one without', 0.97, kept, 3),
        atLeast('a send in a channel without a number, of one that knows of none', 0.99, numberless.kept, 3),
      ],
    };
  },

  sockets: async (world) => {
    const publicKey = world.client.public_key;
    const { count, megabytes } = await measureIdleSockets(world.server, publicKey);
    const told = await measureFanOut(world.server, publicKey, sendTo(await world.talks()));
    return {
      lines: [
        `- A message to ${rounded(told.subscribers)} subscribers of one channel: p50 ${told.p50.toFixed(0)} ms, p99 ${told.p99.toFixed(0)} ms.`,
      ],
      targets: [
        atMost(`MB that ${rounded(count)} idle sockets take`, 60, megabytes, 0),
        atMost(`a message to ${rounded(told.subscribers)} subscribers, p99 ms`, 100, told.p99, 0),
      ],
    };
  },

  crowd: async (world) => {
    const { few, many, ratio } = await measureCrowd(world.server, world.session, await world.createClient());
    const ofMany = ({ count, p99, p50 }) => `${rounded(count)}: p99 ${p99.toFixed(0)} ms (p50 ${p50.toFixed(0)})`;
    return {
      lines: [
        `- A message to a member, by how many customers of the client are listened to. ${ofMany(few)}; ${ofMany(many)}.`,
      ],
      targets: [atMost('p99 of a message in a crowd, times as long', GROWTH, ratio)],
    };
  },

  layer: async (world) => {
    const { layer, core, ratio } = await measureLayerSend(world.server, world.session, sendTo(await world.talks()));
    return {
      lines: [
        `- A send through Layer’s WebSocket: ${rounded(layer)}/s, and ${rounded(core)}/s through the core’s API.`,
      ],
      targets: [atLeast('a send through Layer’s WebSocket, of the core’s', 1, ratio)],
    };
  },

  neighbour: async (world, seconds) => {
    const send = sendTo(await world.talks());
    const found = await measureNeighbour(world.server, send, await world.createClient(), seconds);
    return {
      lines: [
        `- A neighbour’s page, p50: ${found.alone.toFixed(2)} ms alone, ${found.beside.toFixed(2)} ms while another client has ${found.atOnce} sends under way (${rounded(found.perSecond)}/s).`,
      ],
      targets: [atMost('a page beside a busy neighbour, times as long', 3, found.ratio, 1)],
    };
  },

  stalled: async (world) => {
    const { others, calm, stalled } = await measureStalled(world, sendTo(await world.talks()));
    const figures = ({ p50, p99 }) => `p50 ${p50.toFixed(0)} ms, p99 ${p99.toFixed(0)} ms`;
    return {
      lines: [
        `- ${others} sends that come together with one into a channel that a transaction holds: ${figures(stalled)}; where none is held: ${figures(calm)}.`,
      ],
      targets: [atMost('sends beside one into a held channel, p99 ms', 50, stalled.p99, 0)],
    };
  },

  memory: async (world, seconds) => {
    const { bouts, connections } = await measureMemory(world, seconds);
    return {
      lines: [
        `- Memory: ${rounded(world.idleMegabytes)} MB idle; after each of three loads of twenty tenants, from ${connections} connections: ${bouts.map(rounded).join(', ')} MB.`,
      ],
      targets: [
        atMost('idle memory, MB', 190, world.idleMegabytes, 0),
        atMost('memory after the load, MB', 300, Math.max(...bouts), 0),
        atMost('memory after the third load, of that after the first', 1.05, bouts.at(-1) / bouts[0]),
      ],
    };
  },

  growth: async (world, seconds) => growthReport(await measureGrowth(world, seconds), sizeOf(world.many)),

  ...TEXT_PARTS,

  'catch-up': async (world) => {
    const send = sendTo(await world.talks());
    const found = await measureCatchUp(world.server, world.session, send, () => world.restart());
    const late = found.millis / 1000;
    return {
      lines: [
        `- ${rounded(found.clients)} Layer clients back after a restart, who missed ${rounded(found.told)} changes: all have caught up after ${late.toFixed(1)} s.`,
      ],
      targets: [atMost(`seconds until ${rounded(found.clients)} clients have caught up`, 3, late, 1)],
    };
  },

  imports: async (world) => {
    const found = await measureImports(world, IMPORTED);
    const perSecond = (millis) => rounded((found.rows / millis) * 1_000);
    return {
      lines: [
        `Import of ${rounded(found.rows)} rows by a worker: ${perSecond(found.imported)} rows a second; plain SQL in the same batches: ${perSecond(found.plain)}. Export: ${perSecond(found.exported)}.`,
      ],
      targets: [
        atLeast('import, rows of plain SQL', 0.5, found.plain / found.imported),
        atMost('import, MB over idle', 100, found.importMegabytes, 0),
        atMost('export, milliseconds to the first byte', 200, found.firstByte, 0),
        atMost('export, MB', 50, found.exportMegabytes, 0),
        atMost('export whose reader stops, MB', 50, found.stalledMegabytes, 0),
      ],
    };
  },

  ...INBOX_PARTS,

  ...CAMPAIGN_PARTS,

  ...KNOWLEDGE_PARTS,
};

/** What is measured only when it is asked for: it says what to decide, and not how fast the server is. */
export const ASKED_FOR = new Set(['growth']);

const rows = (...all) => ({ rows: all, targets: all.flatMap(({ targets }) => targets) });

const sizeOf = (messages) => (messages < MILLION ? `${messages / 1000} k` : `${messages / MILLION} M`);

function listsReport(few, many, backwards, size) {
  const growths = [...few].map(([name, before]) => ({
    name,
    before,
    after: many.get(name),
    ratio: many.get(name) / before,
  }));
  return {
    tables: [
      ...table(
        ['list', 'p50 ms, 10 k messages', `p50 ms, ${size} messages`, 'ratio', `≤ ${GROWTH}`],
        growths.map(({ name, before, after, ratio }) => [
          ...[name, before.toFixed(2), after.toFixed(2), ratio.toFixed(2), verdict(ratio <= GROWTH)],
        ]),
      ),
      '',
      ...table(
        [
          `list, with ${size} messages`,
          'from the end ÷ from the front',
          'before the middle ÷ after it',
          `≤ ${BACKWARDS}`,
        ],
        backwards.map(({ name, fromTheEnd, endingBefore }) => {
          const isMet = Math.max(fromTheEnd, endingBefore) <= BACKWARDS;
          return [name, fromTheEnd.toFixed(2), endingBefore.toFixed(2), verdict(isMet)];
        }),
      ),
    ],
    targets: [
      atMost(`the slowest list with ${size} messages, times as long as with 10 k`, GROWTH, largest(growths, 'ratio')),
      atMost('a page read from the end, times as long', BACKWARDS, largest(backwards, 'fromTheEnd')),
      atMost('a page before a cursor, times as long', BACKWARDS, largest(backwards, 'endingBefore')),
    ],
  };
}

function growthReport({ grown, vacuumed, copies: { whole, parted } }, size) {
  const figures = (one) => [one.filled.toFixed(1), rounded(one.send), rounded(one.page), one.vacuumed.toFixed(2)];
  return {
    lines: [`- VACUUM of ${size} messages of which one in a hundred changed: ${vacuumed.toFixed(1)} s.`],
    tables: [
      ...table(
        ['index of the messages', `${size}: MB`, 'leaves full, %', '1 M as a server writes them: MB', 'leaves full, %'],
        grown.map(({ columns, megabytes, density }, at) => [
          ...[columns, rounded(megabytes), density.toFixed(0)],
          ...[rounded(whole.indexes[at].megabytes), whole.indexes[at].density.toFixed(0)],
        ]),
      ),
      '',
      ...table(
        ['1 M messages of twenty tenants', 'to fill, s', 'inserts/s', 'pages/s', 'VACUUM after a tenant has gone, s'],
        [
          ['one table', ...figures(whole)],
          ['16 parts by the tenant’s hash', ...figures(parted)],
        ],
      ),
      '',
    ],
    targets: [],
  };
}

const largest = (all, figure) => Math.max(...all.map((one) => one[figure]));
