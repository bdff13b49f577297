import { PageHeading } from '../shell/page-heading.js';
import { Counts } from './counts.js';

export function Overview() {
  return (
    <>
      <div className="page-head">
        <PageHeading title="Overview">Overview</PageHeading>
      </div>
      <div className="panels">
        <Counts />
      </div>
    </>
  );
}
