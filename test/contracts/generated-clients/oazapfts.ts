import {
  channelsCreate,
  channelsListForCustomer,
  channelsUpdate,
  customersCreate,
  defaults,
  messagesListInChannel,
  messagesSend,
} from './generated/oazapfts.js';
import { play, settings } from './scenario.js';

const { baseUrl, publicKey, secretKey, origin } = settings;
defaults.baseUrl = baseUrl;
defaults.headers = { authorization: `Bearer ${secretKey}`, 'x-public-key': publicKey, origin };

await play({
  createCustomer: async (email) => {
    const answer = await customersCreate({ name: 'Somebody', email });
    return answer.status === 200 || answer.status === 201 ? { data: answer.data } : { error: answer.data };
  },
  createChannel: async (customer_uuids) => {
    const answer = await channelsCreate({ type: 'general', customer_uuids });
    return answer.status === 200 || answer.status === 201 ? { data: answer.data } : { error: answer.data };
  },
  changeMetadata: async (id, metadata) => {
    const answer = await channelsUpdate(id, { metadata });
    return answer.status === 200 ? { data: answer.data } : { error: answer.data };
  },
  listChannels: async (id) => {
    const answer = await channelsListForCustomer(id);
    return answer.status === 200 ? { data: answer.data } : { error: answer.data };
  },
  send: async (channel_uuid, sender_uuid, content) => {
    const answer = await messagesSend({ channel_uuid, sender_uuid, type: 'text', content });
    return answer.status === 201 ? { data: answer.data } : { error: answer.data };
  },
  list: async (id, startingAfter) => {
    const answer = await messagesListInChannel(id, { limit: 2, startingAfter });
    return answer.status === 200 ? { data: answer.data } : { error: answer.data };
  },
});
