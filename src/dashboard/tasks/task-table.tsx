import { type RowSelectionState, useTable } from '@tanstack/react-table';
import type { Dispatch, SetStateAction } from 'react';
import type { Task } from '../api/task.js';
import { columns, features } from './columns.js';

/** The first one is for selecting. */
const UNSELECTABLE = columns.slice(1);

interface TaskTableProps {
  tasks: Task[];
  /** Ids of the tasks that are selected. */
  selection: RowSelectionState;
  /** Absent where nothing is to be selected. */
  onSelect?: Dispatch<SetStateAction<RowSelectionState>> | undefined;
}

/** A page of tasks, to be read and selected. */
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
