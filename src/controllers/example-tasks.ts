/** Example tasks for replies: one task in the stages of its life. */
const queued = {
  task_id: 1,
  type: 'video_processing',
  status: 'queued',
  priority: 50,
  attempts: 0,
  max_attempts: 3,
  payload: { format: 'mp4' },
  compatibility: {},
  progress: null,
  progress_message: null,
  result: null,
  error_message: null,
  failure_reason: null,
  created_at_utc: '2025-11-05T19:35:00.000Z',
  updated_at_utc: '2025-11-05T19:35:00.000Z',
  run_after_utc: '2025-11-05T19:35:00.000Z',
  processing_started_utc: null,
  finished_at_utc: null,
  lease_until_utc: null,
  locked_by: null,
  idempotency_key: null,
  done: false,
};

const processing = {
  ...queued,
  status: 'processing',
  attempts: 1,
  progress: 40,
  progress_message: 'transcoding',
  updated_at_utc: '2025-11-05T19:36:02.000Z',
  processing_started_utc: '2025-11-05T19:36:00.000Z',
  lease_until_utc: '2025-11-05T19:37:02.000Z',
  locked_by: 'worker-001',
};

const completed = {
  ...processing,
  status: 'completed',
  progress: 100,
  result: { frames: 4242 },
  updated_at_utc: '2025-11-05T19:36:30.000Z',
  finished_at_utc: '2025-11-05T19:36:30.000Z',
  lease_until_utc: null,
  done: true,
};

const failed = {
  ...completed,
  status: 'failed',
  progress: 40,
  result: null,
  error_message: 'The file has no video track',
  failure_reason: 'rejected',
};

const retrying = {
  ...queued,
  attempts: 1,
  error_message: 'The disk was full',
  updated_at_utc: '2025-11-05T19:36:30.000Z',
  run_after_utc: '2025-11-05T19:36:31.000Z',
};

const claimed = {
  ...processing,
  progress: null,
  progress_message: null,
  updated_at_utc: '2025-11-05T19:36:00.000Z',
  lease_until_utc: '2025-11-05T19:37:00.000Z',
  lease_token: 'f6d1a7c0e5b24c0d9c8e1b7a',
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
};

export const EXAMPLE_TASKS = Object.freeze({
  queued,
  waiting: { ...queued, queue_position: 3, estimated_start_utc: '2025-11-05T19:36:00.000Z' },
  processing,
  completed,
  failed,
  retrying,
  claimed,
});
