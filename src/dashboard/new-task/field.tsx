import { type ReactNode, useId } from 'react';

/** What ties a control to its label, its hint and its error. */
export interface ControlProps {
  id: string;
  name: string;
  className: string;
  'aria-describedby': string;
  'aria-invalid': boolean;
}

interface FieldProps {
  label: string;
  name: string;
  hint?: ReactNode;
  problem?: string;
  children(control: ControlProps): ReactNode;
}

/** A control with its label, a hint, and what is wrong with its value. */
export function Field({ label, name, hint, problem, children }: FieldProps) {
  const id = useId();
  const [hintId, problemId] = [`${id}-hint`, `${id}-problem`];
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children({
        id,
        name,
        className: 'input',
        'aria-describedby': problem ? `${problemId} ${hintId}` : hintId,
        'aria-invalid': problem !== undefined,
      })}
      <span className="field-error" id={problemId} aria-live="polite">
        {problem}
      </span>
      <span className="field-hint" id={hintId}>
        {hint}
      </span>
    </div>
  );
}
