import { createParlance } from './generated/openapi-typescript/parlance.js';
import { play, settings } from './scenario.js';

const api = createParlance(settings);

await play({
  createCustomer: (email) => api.POST('/api/v1/customers', { body: { name: 'Somebody', email } }),
  createChannel: (customer_uuids) => api.POST('/api/v1/channels', { body: { type: 'general', customer_uuids } }),
  changeMetadata: (id, metadata) =>
    api.PATCH('/api/v1/channels/{id}', { params: { path: { id } }, body: { metadata } }),
  listChannels: (id) => api.GET('/api/v1/channels/customer/{id}', { params: { path: { id } } }),
  send: (channel_uuid, sender_uuid, content) =>
    api.POST('/api/v1/messages', { body: { channel_uuid, sender_uuid, type: 'text', content } }),
  list: (id, starting_after) =>
    api.GET('/api/v1/messages/channel/{id}', {
      params: { path: { id }, query: { limit: 2, ...(starting_after === undefined ? {} : { starting_after }) } },
    }),
});
