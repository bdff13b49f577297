import { useQuery } from '@tanstack/react-query';
import { useSearch } from 'wouter';
import { taskQuery } from '../api/queries.js';
import { ErrorNote } from '../components/error-note.js';
import { Loading } from '../components/loading.js';
import { PageHeading } from '../shell/page-heading.js';
import { draftLike, EMPTY } from './draft.js';
import { TaskForm } from './task-form.js';

/** A form that begins with what another task was. */
function FormLike({ id }: { id: number }) {
  const { data, error, refetch } = useQuery(taskQuery(id));
  if (data)
    return (
      <>
        {data.payload === null && (
          <p className="notice plain">
            Its payload is hidden from your key: this form begins with an empty one.
          </p>
        )}
        <TaskForm initial={draftLike(data)} />
      </>
    );
  if (error) return <ErrorNote title={`Task ${id} could not be read`} error={error} onRetry={refetch} />;
  return <Loading />;
}

/** Enqueues a task. */
export function NewTask() {
  const like = Number(new URLSearchParams(useSearch()).get('like'));
  return (
    <>
      <div className="page-head">
        <PageHeading title="New task">{like ? `New task like #${like}` : 'New task'}</PageHeading>
      </div>
      {like ? <FormLike key={like} id={like} /> : <TaskForm key="empty" initial={EMPTY} />}
    </>
  );
}
