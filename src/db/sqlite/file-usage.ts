import { stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';

export interface FileUsage {
  databaseBytes: number;
  walBytes: number;
  /** What the file system has left for this user. */
  diskFreeBytes: number;
}

const sizeOf = (file: string): Promise<number> =>
  stat(file).then(
    ({ size }) => size,
    () => 0,
  );

/** The room that a database file takes, and has. A file that is gone takes none. */
export async function fileUsage(file: string): Promise<FileUsage> {
  const [databaseBytes, walBytes, { bavail, bsize }] = await Promise.all([
    sizeOf(file),
    sizeOf(`${file}-wal`),
    statfs(dirname(file)),
  ]);
  return { databaseBytes, walBytes, diskFreeBytes: bavail * bsize };
}
