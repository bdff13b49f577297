/** Not used in `new URL()` as it stands: the build would take what it leads to for a file of its own. */
const script = import.meta.url;

/**
 * The path under which the server has this page, without a slash at its end: empty, or such as `/jobs`. The scripts lie one folder
 * below it, wherever the program that the server is mounted in, or a proxy, has put them.
 */
export const BASE = new URL('..', script).pathname.replace(/\/$/, '');
