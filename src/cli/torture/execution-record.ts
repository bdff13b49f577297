/** What a handler writes down when it begins an attempt, and when it leaves it; one line of JSON each. */
export interface ExecutionRecord {
  event: 'start' | 'return' | 'throw';
  task_id: number;
  attempt: number;
  worker: string | null;
  pid: number;
  at_utc: string;
}

/** Each process has a file of its own, so that no two write to one. */
export const recordFile = (pid: number): string => `executions-${pid}.jsonl`;

export const isRecordFile = (name: string): boolean => /^executions-\d+\.jsonl$/.test(name);
