import { StartupError } from '../../domain/startup-error.js';

type Sentence = (file: string) => string;

/** What the driver and the system say of a file, by the beginning of the code, and what a person can do about it. */
const SENTENCES: [string, Sentence][] = [
  ['SQLITE_NOTADB', (file) => `${file} is not a SQLite database. It was left untouched: name another file.`],
  [
    'SQLITE_CORRUPT',
    (file) => `${file} is damaged. It was left untouched: restore a backup, or name another file.`,
  ],
  ['SQLITE_CANTOPEN', (file) => unwritable(file)],
  ['SQLITE_READONLY_DBMOVED', (file) => replaced(file)],
  ['SQLITE_READONLY', (file) => unwritable(file)],
  ['SQLITE_BUSY', (file) => `${file} stayed locked by another program. End that program, then start again.`],
  ['SQLITE_FULL', (file) => noRoom(file)],
  ['SQLITE_IOERR', (file) => noRoom(file)],
  ['ENOSPC', (file) => noRoom(file)],
  ['EDQUOT', (file) => noRoom(file)],
  ['EACCES', (file) => unwritable(file)],
  ['EROFS', (file) => unwritable(file)],
];

const unwritable: Sentence = (file) =>
  `${file} cannot be written: give this user write permission on it and on its folder.`;

/** Another file was put in its place while it was opened. */
export const replaced: Sentence = (file) =>
  `${file} was deleted or replaced at this moment, by a restore perhaps: start again.`;

const noRoom: Sentence = (file) => `There is no room for ${file} on its disk: make room, then start again.`;

/** What was said against a file, as a {@link StartupError} that says what to do; any other error as it is. */
export function refusalOf(file: string, error: unknown): unknown {
  const code = String((error as { code?: unknown }).code);
  const [, sentence] = SENTENCES.find(([start]) => code.startsWith(start)) ?? [];
  return sentence ? new StartupError(sentence(file), { cause: error }) : error;
}

/** Runs what opens a file. What is said against the file becomes a {@link StartupError} that says what to do. */
export function orRefuse<T>(file: string, open: () => T): T {
  try {
    return open();
  } catch (error) {
    throw refusalOf(file, error);
  }
}
