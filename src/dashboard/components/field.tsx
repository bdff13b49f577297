import { type ReactNode, useId } from 'react';

/** Attributes that link a control to its label, hint and error. */
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
  /** Content after the hint or problem. */
  more?: ReactNode;
  children(control: ControlProps): ReactNode;
}

/** A control with its label, a hint, and its problem. */
export function Field({ label, name, hint, problem, more, children }: FieldProps) {
  const id = useId();
  const noteId = `${id}-note`;
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children({
        id,
        name,
        className: 'input',
        'aria-describedby': noteId,
        'aria-invalid': problem !== undefined,
      })}
      {/* In the hint's place, with reserved room: leaving a field must not move the next click's target. */}
      <span className={more ? 'field-note roomy' : 'field-note'} id={noteId} aria-live="polite">
        {problem ? <span className="field-error">{problem}</span> : hint} {more}
      </span>
    </div>
  );
}
