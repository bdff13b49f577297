/**
 * Whether the server in this container answers: exit code 0 or 1. A slim image has no other client of HTTP. It goes by the
 * variables that the server goes by; what is set elsewhere it does not know.
 */
import { get as getPlain } from 'node:http';
import { get as getSecure } from 'node:https';

const { SPOOLITE_PORT, SPOOLITE_TLS_CERT } = process.env;

const get = SPOOLITE_TLS_CERT ? getSecure : getPlain;

const end = (isHealthy) => process.exit(isHealthy ? 0 : 1);

const address = {
  host: '127.0.0.1',
  port: SPOOLITE_PORT || 8000,
  path: '/api/health',
  timeout: 4_000,
  // This very machine needs no proof of who it is, and the certificate is for another name.
  rejectUnauthorized: false,
};

get(address, (res) => end(res.statusCode === 200))
  .on('timeout', () => end(false))
  .on('error', () => end(false));
