/** Runs `cleanUp` when the process ends before it was called off. Returns the function that calls it off. */
export function onExit(cleanUp: () => void): () => void {
  process.once('exit', cleanUp);
  return () => process.off('exit', cleanUp);
}
