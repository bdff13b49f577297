/**
 * The steps of a Dockerfile, stage by stage: as much of its language as ours uses, and an error for the rest.
 * A stage is `{ from, name, steps: [{ name, text, flags, words }] }`; `words` is an array where JSON was written.
 */
export function readDockerfile(text) {
  const stages = [];
  for (const line of logicalLines(text)) {
    const [, name, rest] = /^([A-Z]+)\s+(.*)$/s.exec(line) ?? [];
    if (!name) throw new Error(`Not understood: ${line}`);
    if (name === 'FROM') {
      const [from, , stage] = rest.split(/\s+/);
      stages.push({ from, name: stage, steps: [] });
    } else stages.at(-1).steps.push(stepOf(name, rest));
  }
  return stages;
}

const logicalLines = (text) =>
  text
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .join('\n')
    .replaceAll(/\\\n\s*/g, '')
    .split('\n');

/** Flags stand before the rest; what stands after it belongs to a command. */
function stepOf(name, rest) {
  const leading = /^(?:--[a-z-]+=\S+\s+)*/.exec(rest)?.[0] ?? '';
  const flags = Object.fromEntries(
    [...leading.matchAll(/--([a-z-]+)=(\S+)/g)].map(([, key, value]) => [key, value]),
  );
  const text = rest.slice(leading.length).trim();
  const json = /\[.*\]$/s.exec(text)?.[0];
  return { name, flags, text, words: json ? JSON.parse(json) : text.split(/\s+/) };
}
