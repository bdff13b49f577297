/** What an examination says of one thing it has looked at. */
export interface DoctorFinding {
  /** What was looked at, in a word or two. */
  check: string;
  /** `warning`: works, but somebody should see to it. `problem`: something is wrong. */
  level: 'ok' | 'warning' | 'problem';
  message: string;
  /** What to do about it; absent where all is well. */
  advice?: string;
}

export const ok = (check: string, message: string): DoctorFinding => ({ check, level: 'ok', message });

export const warning = (check: string, message: string, advice: string): DoctorFinding => ({
  check,
  level: 'warning',
  message,
  advice,
});

export const problem = (check: string, message: string, advice?: string): DoctorFinding => ({
  check,
  level: 'problem',
  message,
  ...(advice !== undefined && { advice }),
});

/** The level of the worst of them. */
export function worstLevel(findings: readonly DoctorFinding[]): DoctorFinding['level'] {
  const levels = findings.map(({ level }) => level);
  return (['problem', 'warning'] as const).find((level) => levels.includes(level)) ?? 'ok';
}
