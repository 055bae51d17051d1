import { Core1795214579517 } from './1795214579517-Core.js';

/** In the order they run. */
export const migrations = [Core1795214579517];
