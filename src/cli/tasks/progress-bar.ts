import type { ChalkInstance } from 'chalk';
import { Presets, SingleBar } from 'cli-progress';
import type { Task } from '../../core/task.js';
import { duration, paintedStatus, plainText } from '../output.js';

const FORMAT = '{id}  {bar}  {percent}  {state}  {message}';

const WIDTH = 24;

/** How long the attempt has run, or the task has waited. */
function sinceOf(task: Task, now: number): string {
  const { processingStartedAt, createdAt, finishedAt } = task;
  return duration((finishedAt?.getTime() ?? now) - (processingStartedAt ?? createdAt).getTime());
}

/** A task's progress on one line of a terminal, redrawn as it changes. */
export class ProgressBar {
  readonly #paint: ChalkInstance;
  readonly #bar: SingleBar;
  #timer: NodeJS.Timeout | undefined;
  #task: Task | undefined;

  constructor(paint: ChalkInstance) {
    this.#paint = paint;
    const format = { format: FORMAT, stream: process.stdout, barsize: WIDTH, hideCursor: true };
    // Redrawn by us: the time moves even if the task does not.
    this.#bar = new SingleBar(
      { ...format, autopadding: false, noTTYOutput: false, fps: 30 },
      Presets.shades_classic,
    );
  }

  show(task: Task): void {
    this.#task = task;
    if (this.#timer === undefined) {
      this.#bar.start(100, task.progress ?? 0, this.#words());
      this.#timer = setInterval(() => this.#draw(), 250);
    }
    this.#draw();
  }

  /** Leaves the line in place, and the cursor below it. */
  end(): void {
    if (this.#timer === undefined) return;
    clearInterval(this.#timer);
    this.#bar.stop();
  }

  #draw(): void {
    this.#bar.update(this.#task?.progress ?? 0, this.#words());
  }

  #words(): object {
    const task = this.#task as Task;
    const again = task.attempts > 1 ? `, attempt ${task.attempts} of ${task.maxAttempts}` : '';
    const { progress } = task;
    return {
      id: `Task ${task.taskId}`,
      percent: progress === null ? '   ' : `${String(Math.floor(progress)).padStart(3)} %`,
      state: `${paintedStatus(task, this.#paint)}${again}, ${sinceOf(task, Date.now())}`,
      message: plainText(task.errorMessage ?? task.progressMessage ?? ''),
    };
  }
}
