import { type FormEvent, useEffect, useId, useState } from 'react';
import type { FailureReason, TaskStatus } from '../../client/index.js';
import { type ListFilter, useKnownTypes } from '../api/queries.js';
import { REASONS } from '../components/task-status.js';
import { REASON_NAMES, STATUS_NAMES } from './filter-params.js';

interface TextFilterProps {
  label: string;
  value: string;
  hint?: string;
  list?: string;
  onChange(value: string): void;
}

/** A text that takes effect on blur or Enter, not with each letter. */
function TextFilter({ label, value, hint, list, onChange }: TextFilterProps) {
  const id = useId();
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        className="input"
        value={text}
        placeholder={hint}
        list={list}
        autoComplete="off"
        onChange={({ target }) => setText(target.value)}
        onBlur={() => text !== value && onChange(text)}
        onKeyDown={({ key }) => key === 'Enter' && onChange(text)}
      />
    </div>
  );
}

interface FilterFormProps {
  filter: ListFilter;
  /** The ids as text of the URL. */
  ids: string;
  /** Replaces the given parts; `ids` is text as typed. */
  onChange(change: Omit<ListFilter, 'ids'> & { ids?: string }): void;
}

export function FilterForm({ filter, ids, onChange }: FilterFormProps) {
  const types = useKnownTypes();
  const [statusId, reasonId, typesId] = [useId(), useId(), useId()];
  const canHaveFailed = filter.status === undefined || filter.status === 'failed';
  // Only failed tasks have a reason.
  const changeStatus = (status: TaskStatus | undefined) =>
    onChange(status === undefined || status === 'failed' ? { status } : { status, failureReason: undefined });
  const submit = (event: FormEvent) => event.preventDefault();
  return (
    <search>
      <form className="filters" aria-label="Filter tasks" onSubmit={submit}>
        <div className="field">
          <label htmlFor={statusId}>Status</label>
          <select
            id={statusId}
            className="input"
            value={filter.status ?? ''}
            onChange={({ target }) => changeStatus((target.value || undefined) as TaskStatus | undefined)}
          >
            <option value="">any</option>
            {STATUS_NAMES.map((status) => (
              <option key={status}>{status}</option>
            ))}
          </select>
        </div>
        {canHaveFailed && (
          <div className="field">
            <label htmlFor={reasonId}>Reason</label>
            <select
              id={reasonId}
              className="input"
              value={filter.failureReason ?? ''}
              onChange={({ target }) =>
                onChange({ failureReason: (target.value || undefined) as FailureReason })
              }
            >
              <option value="">any</option>
              {REASON_NAMES.map((reason) => (
                <option key={reason} value={reason}>
                  {REASONS[reason] || reason}
                </option>
              ))}
            </select>
          </div>
        )}
        <TextFilter
          label="Type"
          value={filter.type ?? ''}
          hint="any"
          list={typesId}
          onChange={(type) => onChange({ type })}
        />
        <datalist id={typesId}>
          {types.map((type) => (
            <option key={type} value={type} />
          ))}
        </datalist>
        <TextFilter
          label="Task id"
          value={ids}
          hint="e.g. 7 or 7, 12"
          onChange={(text) => onChange({ ids: text })}
        />
        <TextFilter
          label="Idempotency key"
          value={filter.idempotencyKey ?? ''}
          hint="exact match"
          onChange={(idempotencyKey) => onChange({ idempotencyKey })}
        />
      </form>
    </search>
  );
}
