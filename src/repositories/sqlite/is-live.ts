/** Whether a worker's last heartbeat is neither long ago nor, since the clock was set back, long to come. */
export const isLive = (
  { lastHeartbeat, staleMs }: { lastHeartbeat: number; staleMs: number },
  now: number,
): boolean => Math.abs(now - lastHeartbeat) <= staleMs;
