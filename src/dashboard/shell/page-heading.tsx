import { type ReactNode, useEffect, useRef } from 'react';
import { Link } from 'wouter';

/** The path of the last heading: the first one of a visit does not take the focus. */
let lastPath: string | undefined;

interface PageHeadingProps {
  /** The title of the browser's tab. */
  title: string;
  children: ReactNode;
}

/**
 * The heading of a screen. Sets the tab's title, and takes the focus, so that a screen reader announces the new screen.
 */
export function PageHeading({ title, children }: PageHeadingProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · Spoolite`;
  }, [title]);
  useEffect(() => {
    const path = location.pathname;
    if (lastPath !== undefined && lastPath !== path) heading.current?.focus();
    lastPath = path;
  }, []);
  return (
    <h1 ref={heading} tabIndex={-1}>
      {children}
    </h1>
  );
}

export function NotFound() {
  return (
    <div className="panel empty">
      <PageHeading title="Not found">Page not found</PageHeading>
      <p>
        <Link href="/">Go to the overview</Link>
      </p>
    </div>
  );
}
