import { type ReactNode, useRef, useState } from 'react';
import { Field } from './field.js';
import { parseJsonObject } from './parse-json-object.js';

interface JsonFieldProps {
  label: string;
  name: string;
  rows: number;
  hint: ReactNode;
  value: string;
  /** What the last attempt to send it was told. */
  problem?: string;
  onChange(value: string): void;
}

/** A JSON object, whose errors are told as it is written; on demand the cursor goes there. */
export function JsonField({ label, name, rows, hint, value, problem, onChange }: JsonFieldProps) {
  const editor = useRef<HTMLTextAreaElement>(null);
  const [isLeft, setLeft] = useState(false);
  const parsed = parseJsonObject(value);
  const wrong = 'problem' in parsed ? parsed : null;
  // What is being written is wrong most of the time: nobody needs to hear that before it was left once.
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
          {isAstray ? 'Go to the error' : 'Format'}
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
