import Joi from 'joi';
import { option, resolveOptions, type Values } from './option.js';
import { ADDRESS, SECRET } from './schemas.js';
import { SERVE, SERVER_GROUP } from './server-options.js';
import { LOG, STORAGE } from './storage-options.js';
import { HANDLERS, WORKER } from './worker-options.js';

const COMMON = {
  config: option({
    schema: Joi.string(),
    value: 'file',
    text: 'settings file, .json or .yaml',
    unset: 'spoolite.config.json, .yaml or .yml in the working directory',
  }),
};

const CLIENT = {
  url: option({
    schema: Joi.string()
      .uri({ scheme: ['http', 'https'] })
      .meta(ADDRESS),
    default: 'http://127.0.0.1:8000',
    value: 'address',
    text: 'address of the server',
  }),
  key: option({
    schema: Joi.string().meta(SECRET),
    value: 'key',
    text: 'API key; better set in the environment, where process lists do not show it',
    unset: 'none',
  }),
};

/** The options by topic. A command takes those of some groups, in this order. */
export const GROUPS = {
  common: COMMON,
  storage: { ...STORAGE, ...LOG },
  server: SERVER_GROUP,
  /** The additional options of a server without a worker. */
  serve: { graceSeconds: WORKER.graceSeconds, ...SERVE },
  worker: { ...HANDLERS, ...WORKER },
  client: CLIENT,
};

export const OPTIONS = {
  ...GROUPS.common,
  ...GROUPS.storage,
  ...GROUPS.server,
  ...GROUPS.serve,
  ...GROUPS.worker,
  ...GROUPS.client,
};

/** The settings of a run of the program. */
export type Config = Values<typeof OPTIONS>;

export const NAMES = Object.keys(OPTIONS) as (keyof Config)[];

export const DEFAULTS: Readonly<Config> = Object.freeze(resolveOptions(OPTIONS, {}));
