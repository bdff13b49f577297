/** Not used in `new URL()` directly: the bundler would take the result for an asset. */
const script = import.meta.url;

/**
 * The page's path on the server, without a slash at its end: empty, or such as `/jobs`. The scripts are one folder
 * below it, wherever a parent app or a proxy has mounted the server.
 */
export const BASE = new URL('..', script).pathname.replace(/\/$/, '');
