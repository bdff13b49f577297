import { useRef, useState } from 'react';

const SHOWN_MS = 2_000;

/** Text to be copied; without a right to the clipboard it is selected, for the keyboard to copy. */
export function CopyLine({ text, label }: { text: string; label: string }) {
  const code = useRef<HTMLPreElement>(null);
  const [said, setSaid] = useState('');
  const say = (words: string) => {
    setSaid(words);
    setTimeout(() => setSaid(''), SHOWN_MS);
  };
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      say('Copied');
    } catch {
      if (code.current) getSelection()?.selectAllChildren(code.current);
      say('Selected');
    }
  };
  return (
    <div className="copyable">
      <pre className="code" ref={code}>
        {text}
      </pre>
      <button type="button" className="button small-button" onClick={copy} aria-label={`Copy ${label}`}>
        {said || 'Copy'}
      </button>
      <span className="visually-hidden" role="status">
        {said}
      </span>
    </div>
  );
}
