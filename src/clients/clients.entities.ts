import { ApiKey } from './api-key.entity.js';
import { Client } from './client.entity.js';
import { Counter } from './counter.entity.js';
import { StorageUse } from './storage-use.entity.js';

export const clientsEntities = [ApiKey, Client, Counter, StorageUse];
