import { type ReactNode, useEffect, useId, useRef } from 'react';

interface ConfirmDialogProps {
  title: string;
  /** Label of the confirming button. */
  action: string;
  isDangerous?: boolean;
  children: ReactNode;
  onConfirm(): void;
  onClose(): void;
}

/** Asks before an irreversible action. Escape and the back button cancel. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { title, action, isDangerous, children, onConfirm, onClose } = props;
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  const confirm = () => {
    dialog.current?.close();
    onConfirm();
  };
  return (
    <dialog ref={dialog} className="dialog" aria-labelledby={heading} onClose={onClose}>
      <h2 id={heading}>{title}</h2>
      <div className="dialog-text">{children}</div>
      <div className="dialog-actions">
        <button type="button" className="button" onClick={() => dialog.current?.close()}>
          Go back
        </button>
        <button type="button" className={`button ${isDangerous ? 'danger' : 'primary'}`} onClick={confirm}>
          {action}
        </button>
      </div>
    </dialog>
  );
}
