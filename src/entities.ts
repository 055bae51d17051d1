import { databaseEntities } from './platform/database/database.entities.js';
import { clusterEntities } from './platform/cluster/cluster.entities.js';
import { outboxEntities } from './platform/outbox/outbox.entities.js';
import { clientsEntities } from './clients/clients.entities.js';
import { customersEntities } from './customers/customers.entities.js';
import { channelsEntities } from './channels/channels.entities.js';
import { filesEntities } from './files/files.entities.js';
import { messagesEntities } from './messages/messages.entities.js';
import { realtimeEntities } from './notify/realtime/realtime.entities.js';
import { announcementsEntities } from './notify/announcements/announcements.entities.js';
import { pushEntities } from './notify/push/push.entities.js';
import { webhooksEntities } from './notify/webhooks/webhooks.entities.js';
import { usersEntities } from './users/users.entities.js';
import { workspacesEntities } from './workspaces/workspaces.entities.js';
import { deliveryEntities } from './delivery/delivery.entities.js';
import { engagementEntities } from './engagement/engagement.entities.js';
import { pusherEntities } from './dialects/pusher/pusher.entities.js';
import { layerEntities } from './dialects/layer/layer.entities.js';

/** Every table, as each module hands in its own. Written out, not a glob: the same list works compiled, in tests and on the command line. */
export const entities = [
  ...databaseEntities,
  ...clusterEntities,
  ...outboxEntities,
  ...clientsEntities,
  ...customersEntities,
  ...channelsEntities,
  ...filesEntities,
  ...messagesEntities,
  ...realtimeEntities,
  ...announcementsEntities,
  ...pushEntities,
  ...webhooksEntities,
  ...usersEntities,
  ...workspacesEntities,
  ...deliveryEntities,
  ...engagementEntities,
  ...pusherEntities,
  ...layerEntities,
];
