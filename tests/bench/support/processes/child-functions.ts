/** Functions of a child process that its parent may call; arguments and results pass by structured clone. */
// biome-ignore lint/suspicious/noExplicitAny: any function will do.
export type ChildFunctions = Record<string, (...args: any[]) => unknown>;

export interface Call {
  id: number;
  name: string;
  args: unknown[];
}

export type Answer = { id: number; result: unknown } | { id: number; error: string };

/** Called once by a child process: serves its functions to the parent, and ends when the parent is gone. */
export function exposeToParent(functions: ChildFunctions): void {
  const send = (answer: Answer) => process.send?.(answer);
  process.on('message', async ({ id, name, args }: Call) => {
    try {
      send({ id, result: await functions[name]?.(...args) });
    } catch (error) {
      send({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
  });
  process.on('disconnect', () => process.exit());
}

export interface Usage {
  /** Resident memory in MB. */
  memoryMb: number;
  /** Processor time of all threads so far, in seconds. */
  cpuSeconds: number;
}

/** What this process takes of the machine. */
export function usage(): Usage {
  const { user, system } = process.cpuUsage();
  return { memoryMb: process.memoryUsage.rss() / 1_048_576, cpuSeconds: (user + system) / 1_000_000 };
}
