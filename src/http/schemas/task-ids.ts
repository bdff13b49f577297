import type { CustomHelpers } from 'joi';
import { POLL_LIMITS } from '../../domain/poll-limits.js';
import { Schema } from './schema.js';

const ID = /^[1-9]\d*$/;

/** As documented: a list, written with commas. */
const LIST = {
  schema: { type: 'array', items: { type: 'integer', minimum: 1 }, maxItems: POLL_LIMITS.ids },
  parameter: { style: 'form', explode: false },
};

/** `1,2,3` in a query, at least one. Numbers too large to be an id of a task are left out. */
export const taskIds = () =>
  Schema.any()
    .custom((value: string | string[], { error }: CustomHelpers) => {
      if (Array.isArray(value)) return error('query.list');
      const ids = value.split(',');
      if (ids.length > POLL_LIMITS.ids) return error('ids.max', { limit: POLL_LIMITS.ids });
      if (!ids.every((id) => ID.test(id))) return error('ids.base');
      return ids.map(Number).filter(Number.isSafeInteger);
    })
    .meta(LIST);
