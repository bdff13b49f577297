import { examineDatabase, repairDatabase } from '../../app/file-tools.js';
import { readBackupPlan, readDatabase } from '../../config.js';
import { type Finding, worstLevel } from '../../domain/finding.js';

export interface DoctorFlags {
  database?: string;
  config?: string;
  fix?: boolean;
  json?: boolean;
}

const EXIT_CODES = { ok: 0, warning: 1, problem: 2 } as const;

const LONGEST_LEVEL = 'warning'.length;
const LONGEST_CHECK = 'permissions'.length;

const line = ({ check, level, message, advice }: Finding): string =>
  `${level.padEnd(LONGEST_LEVEL)}  ${check.padEnd(LONGEST_CHECK)}  ${message}${advice ? `. To do: ${advice}` : ''}`;

/** `spoolite doctor`: says what is found, and resolves to the exit code. With `--fix`, of what is left after it. */
export async function doctor(flags: DoctorFlags): Promise<number> {
  const database = await readDatabase(flags);
  const repairs = flags.fix ? repairDatabase(database) : [];
  const findings = examineDatabase(database, await readBackupPlan(flags));
  const level = worstLevel(findings);
  if (flags.json) {
    console.log(JSON.stringify({ database, level, findings, repairs }));
  } else {
    for (const repair of repairs) console.log(`fixed    ${repair}`);
    if (flags.fix && repairs.length === 0) console.log('Nothing was changed.');
    for (const finding of findings) console.log(line(finding));
  }
  return EXIT_CODES[level];
}
