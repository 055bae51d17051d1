import { Device } from './device.entity.js';
import { PushCredential } from './push-credential.entity.js';
import { Push } from './push.entity.js';

export const pushEntities = [Device, PushCredential, Push];
