import { constants, setPriority } from 'node:os';
import { makePlannedBackup, type PlannedBackup } from './scheduled-backup.js';

/** Who is asked for tasks goes first; where that cannot be had, all are equal. */
function stepBack(): void {
  try {
    setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // Not on this system.
  }
}

/** What the process answers to who started it. */
function outcome(planned: PlannedBackup): object {
  try {
    return { backup: makePlannedBackup(planned) };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

process.once('message', (planned: PlannedBackup) => {
  stepBack();
  process.send?.(outcome(planned), () => process.disconnect());
});
