import { useState } from 'react';

/** Characters that are shown at first: a browser takes long to lay out a megabyte. */
const SHORT = 20_000;

/** A JSON value, to be read. */
export function JsonView({ value, label }: { value: unknown; label: string }) {
  const [isWhole, setWhole] = useState(false);
  const text = JSON.stringify(value, null, 2);
  const isLong = text.length > SHORT && !isWhole;
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
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
