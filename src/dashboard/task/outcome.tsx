import type { Task } from '../api/task.js';
import { HiddenValue } from '../components/hidden-value.js';
import { JsonView } from '../components/json-view.js';
import { ProgressBar } from '../components/progress-bar.js';
import { useAccess } from '../session/use-session.js';

/** How far a running task is. */
function Running({ task }: { task: Task }) {
  return (
    <section className="panel running" aria-label="Progress">
      <p>
        <b className="number">{task.progress === null ? 'Running' : `${Math.round(task.progress)} %`}</b>{' '}
        <span className="quiet">{task.progressMessage}</span>
      </p>
      {task.progress !== null && <ProgressBar progress={task.progress} label="Progress of the task" />}
    </section>
  );
}

/** What has come of a task so far: its progress, its error, its result. */
export function Outcome({ task }: { task: Task }) {
  const { seesPayloads } = useAccess();
  return (
    <>
      {task.status === 'processing' && <Running task={task} />}
      {task.errorMessage !== null && (
        <section className={`notice ${task.status === 'failed' ? 'bad' : ''}`} aria-labelledby="error">
          <strong id="error">
            {task.status === 'failed' ? 'Why it failed' : 'What the last attempt said'}
          </strong>
          <p className="error-text">{task.errorMessage}</p>
        </section>
      )}
      {task.status === 'completed' && (
        <section className="panel">
          <h2 className="panel-head">Result</h2>
          {seesPayloads ? <JsonView value={task.result} label="Result" /> : <HiddenValue />}
        </section>
      )}
    </>
  );
}
