import { UserError } from '../../core/errors.js';

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
  // The index of the write-ahead log could not be made as large as it must be.
  ['SQLITE_IOERR_SHMSIZE', (file) => noRoom(file)],
  ['SQLITE_IOERR', (file) => failing(file)],
  ['ENOSPC', (file) => noRoom(file)],
  ['EDQUOT', (file) => noRoom(file)],
  ['EACCES', (file) => unwritable(file)],
  ['EPERM', (file) => unwritable(file)],
  ['EROFS', (file) => unwritable(file)],
  ['EIO', (file) => failing(file)],
  ['ENAMETOOLONG', (file) => `The name ${file} is too long: choose a shorter one.`],
];

/** The same of a file that was only to be read. */
const READING: [string, Sentence][] = ['SQLITE_CANTOPEN', 'SQLITE_READONLY', 'EACCES', 'EPERM', 'EROFS'].map(
  (code) => [code, (file) => unreadable(file)],
);

const unreadable: Sentence = (file) =>
  `${file} cannot be opened by this user, who must be able to read and write it and its folder, where SQLite keeps side ` +
  'files: run this as the user of the server.';

const failing: Sentence = (file) =>
  `The disk failed to read or write ${file}: look for its errors in the log of the system.`;

const unwritable: Sentence = (file) =>
  `${file} cannot be written: give this user write permission on it and on its folder.`;

/** Another file was put in its place while it was opened. */
export const replaced: Sentence = (file) =>
  `${file} was deleted or replaced at this moment, by a restore perhaps: start again.`;

const noRoom: Sentence = (file) => `There is no room for ${file} on its disk: make room, then start again.`;

/**
 * What was said against a file, as a {@link UserError} that says what to do; any other error as it is. `isOnlyRead` where
 * nothing was to be written.
 */
export function refusalOf(file: string, error: unknown, isOnlyRead = false): unknown {
  const code = String((error as { code?: unknown }).code);
  const sentences = isOnlyRead ? [...READING, ...SENTENCES] : SENTENCES;
  const [, sentence] = sentences.find(([start]) => code.startsWith(start)) ?? [];
  return sentence ? new UserError(sentence(file), { cause: error }) : error;
}

/** Runs what opens a file. What is said against the file becomes a {@link UserError} that says what to do. */
export function orRefuse<T>(file: string, open: () => T): T {
  try {
    return open();
  } catch (error) {
    throw refusalOf(file, error);
  }
}

/** The same of what reads a database. */
export function orRefuseToRead<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw refusalOf(file, error, true);
  }
}
