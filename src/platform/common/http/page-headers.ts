import type { NextFunction, Request, Response } from 'express';

/** Where there are pages, for people; all else is for programs. */
export const PAGES = [
  '/docs',
  '/demo',
  '/verify-email',
  '/reset-password',
  '/invitation',
  '/signed-in',
  '/rate',
  '/t/c',
  '/u',
];

/** Swagger UI puts styles into its elements; of scripts there are none but our own files. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

/** A page runs our scripts only, talks to this server only, and is shown within no other page. */
export function protectPage(_: Request, response: Response, next: NextFunction): void {
  response.setHeader('Content-Security-Policy', POLICY);
  response.setHeader('X-Frame-Options', 'DENY');
  next();
}
