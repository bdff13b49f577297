const LOOPBACK = ['localhost', '::1'];

/** Whether a server at this address is for its own machine alone. */
export const isLoopback = (host: string): boolean =>
  LOOPBACK.includes(host) || /^127(\.\d{1,3}){3}$/.test(host);
