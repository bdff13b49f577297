import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useRef, useState } from 'react';
import type { WorkerState } from '../../client/index.js';
import { hasLiveWorker } from '../api/client.js';
import { workersQuery } from '../api/queries.js';
import { Field } from '../components/field.js';
import { usePermissions } from '../session/session.js';
import { parseJsonObject } from './parse-json.js';

const PURPOSE = 'Selects the handler that runs the task.';

/** Most types listed. */
const NAMED = 6;

/** The types with a live worker, as a following sentence; empty if there are none. */
function servedBy(workers: readonly WorkerState[]): string {
  const types = [...new Set(workers.flatMap(({ live, types }) => (live ? (types ?? []) : [])))].sort();
  if (types.length === 0) return '';
  return ` Types with a live worker: ${types.slice(0, NAMED).join(', ')}${types.length > NAMED ? ', …' : '.'}`;
}

/** A type's purpose, and whether a live worker serves it. */
export function TypeHint({ type }: { type: string }) {
  const { data: workers } = useQuery({ ...workersQuery, enabled: usePermissions().may('read') });
  const name = type.trim();
  if (!workers) return PURPOSE;
  if (name !== '' && hasLiveWorker(name, workers)) return 'A live worker serves this type.';
  const served = servedBy(workers);
  if (name === '') return `${PURPOSE}${served}`;
  return `No live worker serves this type: the task would wait until one starts.${served}`;
}

interface JsonFieldProps {
  label: string;
  name: string;
  rows: number;
  hint: ReactNode;
  value: string;
  /** The error of the last submission. */
  problem?: string;
  onChange(value: string): void;
}

/** A JSON object with validation while typing; a button moves the cursor to the error. */
export function JsonField({ label, name, rows, hint, value, problem, onChange }: JsonFieldProps) {
  const editor = useRef<HTMLTextAreaElement>(null);
  const [isLeft, setLeft] = useState(false);
  const parsed = parseJsonObject(value);
  const wrong = 'problem' in parsed ? parsed : null;
  // Incomplete JSON is invalid most of the time: no error before the field is left once.
  const shown = isLeft && wrong ? wrong.problem : problem;
  const position = wrong?.position ?? null;
  const isAstray = shown !== undefined && position !== null;
  const go = () => {
    editor.current?.focus();
    if (position !== null) editor.current?.setSelectionRange(position, position + 1);
  };
  const tidy = () => 'value' in parsed && onChange(JSON.stringify(parsed.value, null, 2));
  return (
    <Field
      label={label}
      name={name}
      problem={shown}
      hint={hint}
      more={
        <button type="button" className="link-button" onClick={isAstray ? go : tidy}>
          {isAstray ? 'Go to error' : 'Format'}
        </button>
      }
    >
      {(control) => (
        <textarea
          {...control}
          ref={editor}
          rows={rows}
          value={value}
          spellCheck={false}
          autoCapitalize="off"
          onChange={({ target }) => onChange(target.value)}
          onBlur={() => setLeft(true)}
        />
      )}
    </Field>
  );
}
