import type { TaskStatus } from '../../domain/task-status.js';

/** How the browser's one connection to the server stands. */
export type ConnectionState = 'connecting' | 'live' | 'lost';

/** What a page needs to know of a change to tell whether it shows the task; it asks for the rest itself. */
export interface Change {
  taskId: number;
  type: string;
  status: TaskStatus;
}

/** What the connection's worker tells every page. */
export type FromWorker =
  | { kind: 'state'; state: ConnectionState }
  /** The server does not let the browser in, or not to this. Nothing more comes: who wants to hear more joins again. */
  | { kind: 'refused' }
  /** What has changed lately; `isWhole` is false where there was more than is worth telling one by one. */
  | { kind: 'changes'; changes: Change[]; isWhole: boolean };

/** What a page tells the worker: that it goes. */
export interface FromPage {
  kind: 'bye';
}
