export function readDockerfile(text: string): unknown;
