import { useQuery } from '@tanstack/react-query';
import { Fragment, useState } from 'react';
import { Link } from 'wouter';
import type { WorkerState } from '../../client/index.js';
import { workersQuery } from '../api/queries.js';
import { Ago } from '../components/ago.js';
import { ErrorNote } from '../components/placeholders.js';

/** Rows shown at first, and tasks of one worker. */
const SHOWN = 10;

/** Types of a worker that are listed. */
const NAMED = 3;

/** Live ones first, each in their original order. */
const byLiveness = (a: WorkerState, b: WorkerState): number => Number(b.live) - Number(a.live);

function RunningTasks({ ids }: { ids: readonly number[] }) {
  if (ids.length === 0) return <span className="quiet">none</span>;
  return (
    <>
      {ids.slice(0, SHOWN).map((id, index) => (
        <Fragment key={id}>
          {index > 0 && ', '}
          <Link href={`/tasks/${id}`}>#{id}</Link>
        </Fragment>
      ))}
      {ids.length > SHOWN && ` and ${ids.length - SHOWN} more`}
    </>
  );
}

/** A worker may serve a hundred types; the first few identify it, and the title has all. */
function Types({ types }: { types: readonly string[] | null }) {
  if (types === null) return 'any';
  const more = types.length - NAMED;
  return (
    <span title={types.join(', ')}>
      {types.slice(0, NAMED).join(', ')}
      {more > 0 && ` and ${more} more`}
    </span>
  );
}

function Row({ worker }: { worker: WorkerState }) {
  const { workerId, state, types, heldTaskIds, overdue, slots, lastHeartbeat, startedAt } = worker;
  return (
    <tr>
      <td className="broad">
        {workerId}
        <div className="small quiet narrow-only">
          {state} · <Ago instant={lastHeartbeat} />
        </div>
      </td>
      <td className="whole wide-only">
        <span className="worker-life" data-state={state}>
          {state}
        </span>
      </td>
      <td className="broad wide-only">{<Types types={types} />}</td>
      <td className="broad">
        <RunningTasks ids={heldTaskIds} />
      </td>
      <td className="right wide-only">
        {heldTaskIds.length} / {slots}
        {overdue > 0 && (
          <span title="Handlers still running after their attempt ended"> +{overdue} overdue</span>
        )}
      </td>
      <td className="whole wide-only">
        <Ago instant={lastHeartbeat} />
      </td>
      <td className="whole wide-only">
        <Ago instant={startedAt} />
      </td>
    </tr>
  );
}

/** The workers and their tasks. */
export function WorkersTable() {
  const { data, error, refetch } = useQuery(workersQuery);
  const [isWhole, setWhole] = useState(false);
  if (error && !data) return <ErrorNote title="Could not load the workers" error={error} onRetry={refetch} />;
  if (!data) return null;
  const sorted = data.toSorted(byLiveness);
  const shown = isWhole ? sorted : sorted.slice(0, SHOWN);
  return (
    <section className="panel">
      <h2 className="panel-head">Workers</h2>
      {data.length === 0 ? (
        <p className="quiet">
          No workers. Start one with <code>npx spoolite work --handlers ./handlers.js</code>
        </p>
      ) : (
        <table className="table">
          <thead>
            <tr>
              <th>Worker</th>
              <th className="wide-only">State</th>
              <th className="wide-only">Types</th>
              <th>Running</th>
              <th className="right wide-only">Slots</th>
              <th className="wide-only">Last seen</th>
              <th className="wide-only">Started</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((worker) => (
              <Row key={worker.workerId} worker={worker} />
            ))}
          </tbody>
        </table>
      )}
      {shown.length < sorted.length && (
        <button type="button" className="button small-button" onClick={() => setWhole(true)}>
          Show all {sorted.length} workers
        </button>
      )}
    </section>
  );
}
