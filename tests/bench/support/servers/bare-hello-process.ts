import { createServer } from 'node:http';
import { exposeToParent } from '../processes/child-functions.js';
import { listen } from './listen.js';

const BODY = JSON.stringify({ hello: 'world' });
const HEADERS = { 'Content-Type': 'application/json', 'Content-Length': BODY.length };

/** The least that node:http can do: the measure of a poll's cost. */
const server = createServer((_req, res) => {
  res.writeHead(200, HEADERS);
  res.end(BODY);
});

exposeToParent({ start: () => listen(server) });
