import { type ReactNode, useEffect, useRef } from 'react';
import { Link } from 'wouter';

/** The address at which the last heading stood: the first one of a visit does not take the focus. */
let lastPath: string | undefined;

interface PageHeadingProps {
  /** Of the browser's tab. */
  title: string;
  children: ReactNode;
}

/** The heading of a screen. Names the browser's tab, and gets the focus, so that a screen reader tells the new screen. */
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
