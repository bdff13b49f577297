import { Link } from 'wouter';
import { PageHeading } from './page-heading.js';

export function NotFound() {
  return (
    <div className="panel empty">
      <PageHeading title="Not found">There is no such screen</PageHeading>
      <p>
        <Link href="/">Go to the overview</Link>
      </p>
    </div>
  );
}
