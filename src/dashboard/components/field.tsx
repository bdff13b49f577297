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
  /** What follows hint or problem. */
  more?: ReactNode;
  children(control: ControlProps): ReactNode;
}

/** A control with its label, a hint, and what is wrong with its value. */
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
      {/* In the hint's place, with room for more: a field that is left must not move what is about to be clicked. */}
      <span className={more ? 'field-note roomy' : 'field-note'} id={noteId} aria-live="polite">
        {problem ? <span className="field-error">{problem}</span> : hint} {more}
      </span>
    </div>
  );
}
