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
