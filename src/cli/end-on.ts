import type { Logger } from 'pino';

/**
 * Ends the process on an error after which it could only pretend to work; what started it starts another. At once, so that
 * nobody is answered who waits for a write: whether that was stored is not known. Leases of running tasks end by themselves.
 */
export const endOn =
  (logger: Logger) =>
  (error: Error): never => {
    logger.fatal({ err: error }, 'ending: nothing can be written any more');
    const cause = error.cause instanceof Error ? ` (${error.cause.message})` : '';
    console.error(
      `spoolite: The thread that writes to the database has died${cause}. Start the program again.`,
    );
    process.exit(1);
  };
