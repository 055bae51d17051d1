import { Presence } from './presence.entity.js';
import { SocketOwner } from './socket-owner.entity.js';

export const pusherEntities = [Presence, SocketOwner];
