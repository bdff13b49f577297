import { Fragment, useRef, useState } from 'react';

/** A name that may wrap between its words, such as `video_processing` or `mail.welcome`. */
export function Breakable({ text }: { text: string }) {
  return text.split(/(?<=[_\-./:])/).map((part, at) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: parts of a text have no other key
    <Fragment key={at}>
      {at > 0 && <wbr />}
      {part}
    </Fragment>
  ));
}

/** Characters shown at first: the layout of a megabyte takes long. */
const SHORT = 20_000;

/** A JSON value, formatted. */
export function JsonView({ value, label }: { value: unknown; label: string }) {
  const [isWhole, setWhole] = useState(false);
  const text = JSON.stringify(value, null, 2);
  const isLong = text.length > SHORT && !isWhole;
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: scrollable areas must be reachable by keyboard */}
      <section className="code tall" tabIndex={0} aria-label={label}>
        {isLong ? `${text.slice(0, SHORT)}…` : text}
      </section>
      {isLong && (
        <button type="button" className="button small-button" onClick={() => setWhole(true)}>
          Show all {text.length} characters
        </button>
      )}
    </>
  );
}

const SHOWN_MS = 2_000;

/** Text to copy; without access to the clipboard it is selected for the keyboard. */
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
