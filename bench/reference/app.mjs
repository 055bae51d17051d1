/**
 * The least of a Nest application on Express, as a process of its own: one guard that looks its caller up in memory, a body
 * without a pipe, the reference statement, and the object that a handler returns.
 */
import 'reflect-metadata';
import { Body, Controller, Get, Module, NotFoundException, Param, Post, Req, UseGuards } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import pg from 'pg';
import { uuidv7 } from 'uuidv7';
import { REFERENCE_PAGE, REFERENCE_SEND } from './statements.mjs';

const LIMIT = 10;

/** Whose each secret key is. */
const clients = new Map(Object.entries(JSON.parse(process.env.CLIENTS)));
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 16, idleTimeoutMillis: 0 });

const rowsOf = async ({ name, text }, values) => (await pool.query({ name, text, values })).rows;

class KeyGuard {
  canActivate(context) {
    const request = context.switchToHttp().getRequest();
    request.clientId = clients.get(request.headers.authorization?.slice('Bearer '.length));
    return request.clientId !== undefined;
  }
}

class Messages {
  async send({ clientId }, { channel_id, sender_id, type, content }) {
    const [row] = await rowsOf(REFERENCE_SEND, [clientId, uuidv7(), type, content, channel_id, sender_id]);
    if (row === undefined) {
      throw new NotFoundException();
    }
    return row;
  }

  async page({ clientId }, channelId) {
    const rows = await rowsOf(REFERENCE_PAGE, [clientId, LIMIT + 1, 0, channelId]);
    if (rows.length === 0) {
      throw new NotFoundException();
    }
    const data = rows.filter(({ id }) => id !== null).map(({ total: _, ...message }) => message);
    return { data: data.slice(0, LIMIT), has_more: data.length > LIMIT, total_count: rows[0].total };
  }
}

class App {}

/** What `@` writes in TypeScript. */
function decorate(method, route, ...parameters) {
  parameters.forEach((parameter, at) => parameter(Messages.prototype, method, at));
  route(Messages.prototype, method, Object.getOwnPropertyDescriptor(Messages.prototype, method));
}
decorate('send', Post(), Req(), Body());
decorate('page', Get('channel/:id'), Req(), Param('id'));
UseGuards(KeyGuard)(Messages);
Controller('messages')(Messages);
Module({ controllers: [Messages] })(App);

const app = await NestFactory.create(App, { logger: false });
await app.listen(0, '127.0.0.1');
console.log(`ready: http://localhost:${app.getHttpServer().address().port}`);
process.once('SIGTERM', () => process.exit());
