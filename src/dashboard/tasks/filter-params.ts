import type { FailureReason, TaskStatus } from '../../client/index.js';
import type { ListFilter } from '../api/queries.js';
import { REASONS } from '../components/task-status.js';

/** Names of the filter's parts in the URL. */
const NAMES = {
  status: 'status',
  type: 'type',
  failureReason: 'reason',
  idempotencyKey: 'key',
  ids: 'id',
  cursor: 'cursor',
} as const;

const STATUSES: Record<TaskStatus, true> = { queued: true, processing: true, completed: true, failed: true };

export const STATUS_NAMES = Object.keys(STATUSES) as TaskStatus[];

export const REASON_NAMES = Object.keys(REASONS) as FailureReason[];

/** The filter of a URL. */
export interface AddressFilter {
  filter: ListFilter;
  /** The ids as text, even if invalid. */
  ids: string;
  /** Invalid parts, a sentence each: the filter is then not the intended one, and must not be used for changes. */
  problems: string[];
}

const isId = (id: number): boolean => Number.isSafeInteger(id) && id > 0;

/** `1, 2 3` → the ids, and the words that are none. */
function idsOf(text: string): { ids: number[]; others: string[] } {
  const words = text.split(/[\s,#]+/).filter((word) => word !== '');
  return {
    ids: [...new Set(words.map(Number).filter(isId))],
    others: words.filter((word) => !isId(Number(word))),
  };
}

/** Reads the filter from a URL. Names that begin with `_` are ignored, as in the API. */
export function parseFilter(search: URLSearchParams): AddressFilter {
  const text = (part: keyof typeof NAMES) => search.get(NAMES[part])?.trim() || undefined;
  const known: readonly string[] = Object.values(NAMES);
  const problems = [...new Set(search.keys())].flatMap((name) => {
    if (name.startsWith('_')) return [];
    if (!known.includes(name)) return [`Unknown filter “${name}”. Available: ${known.join(', ')}.`];
    return search.getAll(name).length > 1 ? [`“${name}” is given more than once.`] : [];
  });
  const status = STATUS_NAMES.find((one) => one === text('status'));
  if (text('status') && !status)
    problems.push(`Unknown status “${text('status')}”. Available: ${STATUS_NAMES.join(', ')}.`);
  const failureReason = REASON_NAMES.find((one) => one === text('failureReason'));
  if (text('failureReason') && !failureReason)
    problems.push(
      `Unknown failure reason “${text('failureReason')}”. Available: ${REASON_NAMES.join(', ')}.`,
    );
  const ids = text('ids');
  const { ids: found, others } = idsOf(ids ?? '');
  if (others.length > 0) problems.push(`“${others.join(' ')}” is not a task id: ids are numbers such as 7.`);
  return {
    filter: {
      status,
      type: text('type'),
      failureReason,
      idempotencyKey: text('idempotencyKey'),
      ids: ids === undefined ? undefined : found,
      cursor: text('cursor'),
    },
    ids: ids ?? '',
    problems,
  };
}

/** The query string of a filter. */
export function toSearchParams({ ids, ...filter }: ListFilter): URLSearchParams {
  const search = new URLSearchParams();
  for (const [part, name] of Object.entries(NAMES)) {
    const value = part === 'ids' ? ids?.join(',') : filter[part as Exclude<keyof typeof NAMES, 'ids'>];
    if (value !== undefined && value !== '') search.set(name, value);
  }
  return search;
}
