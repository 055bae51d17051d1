/** In the order they run. */
export const migrations = [];
