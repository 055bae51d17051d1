import { OpenSocket } from './open-socket.entity.js';

export const realtimeEntities = [OpenSocket];
