import type { Dialect } from '../dialect.js';
import { pusherEdge } from './pusher-edge.js';
import { PusherModule } from './pusher.module.js';

/** One route of the core's own kind, and sockets under `/app`. */
export const pusher: Dialect = {
  name: 'Pusher',
  mountedAt: ['/broadcasting'],
  module: PusherModule,
  edge: pusherEdge,
};
