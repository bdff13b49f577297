/**
 * Calls `reload` with every SIGHUP, by which supervisors ask to read files anew. A terminal says the same when it is closed,
 * and then a program without such files ends, as any other does. Windows has no such signal.
 */
export function onHangUp(hasFiles: boolean, reload: () => void): void {
  if (hasFiles || !process.stdin.isTTY) process.on('SIGHUP', reload);
}
