import {
  createColumnHelper,
  type RowSelectionState,
  rowSelectionFeature,
  tableFeatures,
  useTable,
} from '@tanstack/react-table';
import type { Dispatch, SetStateAction } from 'react';
import { Link } from 'wouter';
import type { Task } from '../api/client.js';
import { Ago } from '../components/ago.js';
import { ProgressBar, StatusBadge } from '../components/task-status.js';
import { Breakable } from '../components/text.js';

export const features = tableFeatures({ rowSelectionFeature });

const column = createColumnHelper<typeof features, Task>();

function Progress({ task }: { task: Task }) {
  if (task.status !== 'processing') return <span className="quiet broad">{task.errorMessage ?? ''}</span>;
  return (
    <>
      {task.progress !== null && (
        <ProgressBar progress={task.progress} label={`Progress of task ${task.taskId}`} />
      )}
      <span className="quiet small broad">{task.progressMessage ?? `on ${task.lockedBy}`}</span>
    </>
  );
}

/** Since when it has been waiting, running or done. */
function When({ task }: { task: Task }) {
  const isScheduled =
    task.status === 'queued' && task.runAfter > task.createdAt && task.runAfter > new Date();
  if (isScheduled)
    return (
      <>
        due <Ago instant={task.runAfter} />
      </>
    );
  return <Ago instant={task.finishedAt ?? task.processingStartedAt ?? task.createdAt} />;
}

export const columns = column.columns([
  column.display({
    id: 'select',
    header: ({ table }) => (
      <input
        type="checkbox"
        aria-label="Select all tasks on this page"
        checked={table.getIsAllRowsSelected()}
        onChange={table.getToggleAllRowsSelectedHandler()}
      />
    ),
    cell: ({ row }) => (
      <input
        type="checkbox"
        aria-label={`Select task ${row.id}`}
        checked={row.getIsSelected()}
        onChange={row.getToggleSelectedHandler()}
      />
    ),
  }),
  column.accessor('taskId', {
    id: 'task',
    header: 'Task',
    cell: ({ row: { original: task } }) => (
      <>
        <Link href={`/tasks/${task.taskId}`} className="task-link">
          #{task.taskId}
        </Link>{' '}
        <span className="broad">
          <Breakable text={task.type} />
        </span>
        <span className="narrow-only">
          <Progress task={task} />
        </span>
      </>
    ),
  }),
  column.accessor('status', {
    id: 'status',
    header: 'Status',
    cell: ({ row: { original: task } }) => (
      <>
        <StatusBadge status={task.status} failureReason={task.failureReason} />
        <span className="narrow-only quiet small">
          <When task={task} />
        </span>
      </>
    ),
  }),
  column.display({
    id: 'progress',
    header: 'Progress or error',
    cell: ({ row: { original: task } }) => <Progress task={task} />,
  }),
  column.accessor('priority', { id: 'priority', header: 'Priority' }),
  column.display({
    id: 'attempts',
    header: 'Attempts',
    cell: ({ row: { original: task } }) => `${task.attempts} of ${task.maxAttempts}`,
  }),
  column.display({
    id: 'when',
    header: 'When',
    cell: ({ row: { original: task } }) => <When task={task} />,
  }),
]);

/** Without the first column, which is for selecting. */
const UNSELECTABLE = columns.slice(1);

interface TaskTableProps {
  tasks: Task[];
  /** Ids of the selected tasks. */
  selection: RowSelectionState;
  /** Absent: no selection. */
  onSelect?: Dispatch<SetStateAction<RowSelectionState>> | undefined;
}

/** A page of tasks with an optional selection. */
export function TaskTable({ tasks, selection, onSelect }: TaskTableProps) {
  const table = useTable({
    features,
    columns: onSelect ? columns : UNSELECTABLE,
    data: tasks,
    getRowId: ({ taskId }) => `${taskId}`,
    state: { rowSelection: selection },
    ...(onSelect && { onRowSelectionChange: onSelect }),
  });
  return (
    <table className="table tasks">
      <caption className="visually-hidden">Tasks, newest first</caption>
      <thead>
        {table.getHeaderGroups().map(({ id, headers }) => (
          <tr key={id}>
            {headers.map((header) => (
              <th key={header.id} className={`task-${header.column.id}`}>
                <table.FlexRender header={header} />
              </th>
            ))}
          </tr>
        ))}
      </thead>
      <tbody>
        {table.getRowModel().rows.map((row) => (
          <tr key={row.id} data-selected={row.getIsSelected() || undefined}>
            {row.getAllCells().map((cell) => (
              <td key={cell.id} className={`task-${cell.column.id}`}>
                <table.FlexRender cell={cell} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
