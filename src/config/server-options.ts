import Joi from 'joi';
import { BACKUP_LIMITS } from '../core/maintenance.js';
import { option, type Values } from './option.js';
import { count, listOf, network, origin, path, SECRET, within } from './schemas.js';

/** Where a server listens. */
export const START = {
  /** Default 127.0.0.1. */
  host: option({
    schema: Joi.string().hostname(),
    default: '127.0.0.1',
    value: 'address',
    text: 'address to listen on',
  }),
  /** Default 8000. */
  port: option({
    schema: Joi.number().integer().min(0).max(65_535),
    default: 8000,
    value: 'number',
    text: 'port to listen on; 0 picks a free one',
  }),
  /** Accept other machines although there is no key. */
  allowUnauthenticated: option({
    schema: Joi.boolean(),
    default: false,
    text: 'accept other machines without a key: anyone who can reach the server may do everything',
  }),
};

const ACCESS = {
  /** Hide payloads and results from every key without the scope `admin`; default false. */
  hidePayloads: option({
    schema: Joi.boolean(),
    default: false,
    text: 'show payloads and results only to keys with the admin scope',
  }),
  /**
   * Secret that signs browser sessions, 32 characters or more: servers with the same one accept each other's. Default:
   * a random one, and sessions end with the process.
   */
  sessionSecret: option({
    schema: Joi.string().min(32).meta(SECRET),
    value: 'text',
    text: 'secret that signs browser sessions, so that they survive a restart; better set in the environment',
    unset: 'a new one at every start',
  }),
  /** Names that the server accepts without a key, besides `localhost` and addresses. */
  allowedHosts: option({
    schema: listOf(Joi.string().trim().lowercase().hostname()),
    default: [],
    value: 'a,b',
    text: 'host names accepted while there is no key, besides localhost and IP addresses',
    unset: 'none',
  }),
  /** Origins whose pages may use the API, such as `https://example.com`; default none. */
  corsOrigins: option({
    schema: listOf(origin),
    default: [],
    value: 'a,b',
    text: 'origins whose pages may use the API, such as https://example.com',
    unset: 'none',
  }),
  /** Addresses and networks of proxies whose forwarded client addresses are trusted; default none. */
  trustProxy: option({
    schema: listOf(network),
    default: [],
    value: 'a,b',
    text: 'proxies whose forwarded client addresses are trusted: addresses such as 10.0.0.5, networks, or loopback',
    unset: 'none',
  }),
};

/** A program sets both files at once. */
const TLS = {
  tlsCert: option({
    schema: path(),
    value: 'file',
    text: 'certificate in PEM format; with --tls-key, serves https',
    unset: 'none: http',
  }),
  tlsKey: option({
    schema: path(),
    value: 'file',
    text: 'private key of the certificate',
    unset: 'none',
  }),
};

/** Limits that protect the server from a single client. A client is a key, or else an address. */
const LIMITS = {
  /** Largest request body in bytes; default 1 MB. */
  bodyLimit: option({
    schema: Joi.number().integer().min(1024),
    default: 1024 * 1024,
    value: 'bytes',
    text: 'largest request body',
  }),
  /** Largest body of a batch in bytes; default 8 MB. */
  batchBodyLimit: option({
    schema: Joi.number().integer().min(1024),
    default: 8 * 1024 * 1024,
    value: 'bytes',
    text: 'largest body of a batch',
  }),
  /** Polls per minute and client; default 0, which is unlimited. */
  pollsPerMinute: option({
    schema: count(0),
    default: 0,
    value: 'number',
    text: 'polls per minute and client; 0 is unlimited',
  }),
  /** Write requests per minute and client; default 0, which is unlimited. */
  writesPerMinute: option({
    schema: count(0),
    default: 0,
    value: 'number',
    text: 'write requests per minute and client; 0 is unlimited',
  }),
  /** The same for large reads: lists, logs, statistics, the audit log. */
  readsPerMinute: option({
    schema: count(0),
    default: 0,
    value: 'number',
    text: 'requests for lists, logs, statistics and the audit log per minute and client; 0 is unlimited',
  }),
  /** Failed authentications per minute and address; default 30. */
  authFailuresPerMinute: option({
    schema: count(1),
    default: 30,
    value: 'number',
    text: 'failed authentications per minute and address',
  }),
  /** Long polls and streams open at once, per client; default 2,000. */
  waitsPerClient: option({
    schema: count(1),
    default: 2000,
    value: 'number',
    text: 'long polls and streams open at once, per client',
  }),
  /** Long polls and streams open at once, for all clients together; default 10,000. */
  maxWaits: option({
    schema: count(1),
    default: 10_000,
    value: 'number',
    text: 'long polls and streams open at once, for all clients together',
  }),
  /** Connections at once; default 16,384. */
  maxConnections: option({
    schema: count(1),
    default: 16_384,
    value: 'number',
    text: 'connections at once; further ones are closed',
  }),
  /**
   * Let Node's HTTP server read every request, instead of reading plain ones from the socket; slower. Default false.
   */
  nodeHttp: option({
    schema: Joi.boolean(),
    default: false,
    text: "have Node's HTTP server read every request, without our own reader of sockets; slower",
  }),
};

/** A program sets a backup plan. */
const BACKUPS = {
  backupFolder: option({
    schema: path(),
    value: 'folder',
    text: 'make scheduled backups in this folder',
    unset: 'none',
  }),
  backupIntervalHours: option({
    schema: within(BACKUP_LIMITS.intervalHours),
    default: 24,
    value: 'hours',
    text: 'time between two backups',
  }),
  backupKeep: option({
    schema: within(BACKUP_LIMITS.keep),
    default: 7,
    value: 'number',
    text: 'how many backups to keep',
  }),
};

/** For `serve` alone. */
export const SERVE = {
  processes: option({
    schema: Joi.number().integer().min(1).max(64),
    default: 1,
    value: 'number',
    text: 'number of server processes on one port and one file',
  }),
};

/** A server's options, also in a program. */
export const SERVER = { ...ACCESS, ...LIMITS };
export type ServerSettings = Values<typeof SERVER>;

/** A server's options in the order of listings. */
export const SERVER_GROUP = { ...START, ...ACCESS, ...TLS, ...LIMITS, ...BACKUPS };
