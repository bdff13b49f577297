/** The result of one check of the doctor. */
export interface DoctorFinding {
  /** What was checked, in a word or two. */
  check: string;
  /** `warning`: works, but needs attention. `problem`: something is wrong. */
  level: 'ok' | 'warning' | 'problem';
  message: string;
  /** What to do about it; absent if all is well. */
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

export function worstLevel(findings: readonly DoctorFinding[]): DoctorFinding['level'] {
  const levels = findings.map(({ level }) => level);
  return (['problem', 'warning'] as const).find((level) => levels.includes(level)) ?? 'ok';
}
