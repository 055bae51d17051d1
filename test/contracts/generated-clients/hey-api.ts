import { client } from './generated/hey-api/client.gen.js';
import {
  channelsCreate,
  channelsListForCustomer,
  channelsUpdate,
  customersCreate,
  messagesListInChannel,
  messagesSend,
} from './generated/hey-api/sdk.gen.js';
import { play, settings } from './scenario.js';

const { baseUrl, publicKey, secretKey, origin } = settings;
client.setConfig({
  baseUrl,
  headers: { origin },
  auth: ({ scheme }) => (scheme === 'bearer' ? secretKey : publicKey),
});

await play({
  createCustomer: (email) => customersCreate({ body: { name: 'Somebody', email } }),
  createChannel: (customer_uuids) => channelsCreate({ body: { type: 'general', customer_uuids } }),
  changeMetadata: (id, metadata) => channelsUpdate({ path: { id }, body: { metadata } }),
  listChannels: (id) => channelsListForCustomer({ path: { id } }),
  send: (channel_uuid, sender_uuid, content) =>
    messagesSend({ body: { channel_uuid, sender_uuid, type: 'text', content } }),
  list: (id, starting_after) =>
    messagesListInChannel({
      path: { id },
      query: { limit: 2, ...(starting_after === undefined ? {} : { starting_after }) },
    }),
});
