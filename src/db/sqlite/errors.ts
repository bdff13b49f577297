import { type ErrorCode, SpooliteError, UserError } from '../../core/errors.js';
import type { ErrorReply } from '../writer/messages.js';

type SentenceOf = (file: string) => string;

/** Errors of the driver and the system, by the beginning of the code, as sentences that include the remedy. */
const SENTENCES: [string, SentenceOf][] = [
  ['SQLITE_NOTADB', (file) => `${file} is not a SQLite database. It was left untouched: name another file.`],
  [
    'SQLITE_CORRUPT',
    (file) => `${file} is damaged. It was left untouched: restore a backup, or name another file.`,
  ],
  ['SQLITE_CANTOPEN', (file) => unwritable(file)],
  ['SQLITE_READONLY_DBMOVED', (file) => replaced(file)],
  ['SQLITE_READONLY', (file) => unwritable(file)],
  ['SQLITE_BUSY', (file) => `${file} stayed locked by another program. End that program, then start again.`],
  ['SQLITE_FULL', (file) => noSpace(file)],
  // The index of the write-ahead log could not be extended.
  ['SQLITE_IOERR_SHMSIZE', (file) => noSpace(file)],
  ['SQLITE_IOERR', (file) => failing(file)],
  ['ENOSPC', (file) => noSpace(file)],
  ['EDQUOT', (file) => noSpace(file)],
  ['EACCES', (file) => unwritable(file)],
  ['EPERM', (file) => unwritable(file)],
  ['EROFS', (file) => unwritable(file)],
  ['EIO', (file) => failing(file)],
  ['ENAMETOOLONG', (file) => `The name ${file} is too long: choose a shorter one.`],
];

/** The same for a file that was only to be read. */
const READ_SENTENCES: [string, SentenceOf][] = [
  'SQLITE_CANTOPEN',
  'SQLITE_READONLY',
  'EACCES',
  'EPERM',
  'EROFS',
].map((code) => [code, (file) => unreadable(file)]);

const unreadable: SentenceOf = (file) =>
  `${file} cannot be opened by this user, who must be able to read and write it and its folder, where SQLite keeps side ` +
  'files: run this as the user of the server.';

const failing: SentenceOf = (file) =>
  `The disk failed to read or write ${file}: see the system log for its errors.`;

const unwritable: SentenceOf = (file) =>
  `${file} cannot be written: give this user write permission on it and on its folder.`;

/** Another file took its place while it was opened. */
export const replaced: SentenceOf = (file) =>
  `${file} was deleted or replaced while it was opened, perhaps by a restore: start again.`;

const noSpace: SentenceOf = (file) =>
  `There is no space for ${file} on its disk: free some, then start again.`;

/**
 * An error about a file as a {@link UserError} that includes the remedy; any other error unchanged. `isOnlyRead` if
 * nothing was to be written.
 */
export function toUserError(file: string, error: unknown, isOnlyRead = false): unknown {
  const code = String((error as { code?: unknown }).code);
  const sentences = isOnlyRead ? [...READ_SENTENCES, ...SENTENCES] : SENTENCES;
  const [, sentence] = sentences.find(([start]) => code.startsWith(start)) ?? [];
  return sentence ? new UserError(sentence(file), { cause: error }) : error;
}

/** Runs what opens a file; rethrows errors about the file as {@link UserError}. */
export function withUserErrors<T>(file: string, open: () => T): T {
  try {
    return open();
  } catch (error) {
    throw toUserError(file, error);
  }
}

/** The same for reading a database. */
export function withUserErrorsOfReading<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw toUserError(file, error, true);
  }
}

/** Error codes of the API for the driver's codes, by their beginning. */
const DRIVER_ERRORS: readonly (readonly [prefix: string, code: ErrorCode, message: string])[] = [
  ['SQLITE_BUSY', 'STORAGE_BUSY', 'The storage is busy; try again in a moment'],
  ['SQLITE_FULL', 'STORAGE_FULL', 'The storage is full; nothing was stored'],
  ['SQLITE_IOERR', 'STORAGE_FULL', 'The disk failed to write; nothing was stored'],
  ['SQLITE_READONLY', 'NOT_READY', 'The database file can no longer be written; nothing was stored'],
  ['SQLITE_CORRUPT', 'NOT_READY', 'The database file is damaged: stop the program and restore a backup'],
  ['SQLITE_NOTADB', 'NOT_READY', 'The database file is damaged: stop the program and restore a backup'],
];

function fromDriver(error: unknown): ErrorReply {
  const driverCode = String((error as { code?: unknown }).code);
  const [, code, message] = DRIVER_ERRORS.find(([prefix]) => driverCode.startsWith(prefix)) ?? [
    '',
    'INTERNAL_ERROR' as const,
    'Something went wrong in the server',
  ];
  const cause = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { code, message, problems: [], cause };
}

export function toErrorReply(error: unknown): ErrorReply {
  if (!(error instanceof SpooliteError)) return fromDriver(error);
  return { code: error.code, message: error.message, problems: error.problems };
}

/** For a failed commit that could not be undone. */
export const outcomeUnknown = (error: unknown): ErrorReply => ({
  ...toErrorReply(error),
  isOutcomeUnknown: true,
});

/** True if another connection holds the lock. */
export const isBusy = (error: unknown): boolean =>
  String((error as { code?: unknown }).code).startsWith('SQLITE_BUSY');

/** True if the driver could not continue reading because of damage. */
export const isCorruptionError = (error: unknown): boolean =>
  /^SQLITE_(CORRUPT|NOTADB)/.test(String((error as { code?: unknown }).code));

/**
 * Whether a COMMIT that failed with this error may be in the file after a crash: all of it may be in the write-ahead
 * log, with only its sync or its entry in the log's index missing. If there was no space, its last frame was not
 * written.
 */
export const mayBeCommitted = (error: unknown): boolean =>
  String((error as { code?: unknown }).code).startsWith('SQLITE_IOERR');
