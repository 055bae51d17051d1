/**
 * Of a job that is looked for by its delivery's id, whether it is to be sent. Not `kind = 'send'`, or PostgreSQL may take the
 * index of what is to be sent, by the client alone: where many jobs have come since it counted them, it reads them all for each.
 */
export const isSend = (kind: string): string => `${kind} || '' = 'send'`;
