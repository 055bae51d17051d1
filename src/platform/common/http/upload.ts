import type { Request } from 'express';

/** Whether a request is for the bytes of a file, which lie outside of every API: its signed URL says who may do what. */
export function isForFiles({ path }: Request): boolean {
  return path.startsWith('/files/');
}

/** Whether somebody brings a mail: whoever knows the path may. */
function isMail({ method, path }: Request): boolean {
  return method === 'POST' && path.startsWith('/inbound/email/');
}

/** Whose body is bytes that its route reads, and not JSON to be read before. */
export function isUpload(request: Request): boolean {
  return (request.method === 'PUT' && isForFiles(request)) || isMail(request);
}
