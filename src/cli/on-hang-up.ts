/**
 * Calls `reload` on every SIGHUP, the signal with which supervisors request a reload. A closed terminal sends it too; then a
 * program without files to reload ends, as any other does. Windows has no such signal.
 */
export function onHangUp(hasFiles: boolean, reload: () => void): void {
  if (hasFiles || !process.stdin.isTTY) process.on('SIGHUP', reload);
}
