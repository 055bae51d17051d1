import { Event } from './event.entity.js';
import { Listener } from './listener.entity.js';

export const outboxEntities = [Event, Listener];
