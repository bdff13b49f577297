import { constants, setPriority } from 'node:os';
import { makePlannedBackup, type PlannedBackup } from './scheduled-backup.js';

/** Lowers the priority, as requests go first; without the right to do so, all are equal. */
function stepBack(): void {
  try {
    setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // Not supported on this system.
  }
}

/** The message to the parent process. */
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
