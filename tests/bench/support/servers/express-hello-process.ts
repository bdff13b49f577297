import { createServer } from 'node:http';
import express from 'express';
import { exposeToParent } from '../processes/child-functions.js';
import { listen } from './listen.js';

/** Express as it comes. */
const app = express();
app.get('/', (_req, res) => {
  res.json({ hello: 'world' });
});

exposeToParent({ start: () => listen(createServer(app)) });
