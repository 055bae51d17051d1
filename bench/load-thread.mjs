import { parentPort, workerData } from 'node:worker_threads';
import { driveHttp } from './load.mjs';

const { server, requests, options } = workerData;
parentPort.postMessage(await driveHttp(server, requests, options));
