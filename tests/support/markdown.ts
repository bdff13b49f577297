import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The project's own folder. */
export const PROJECT = fileURLToPath(new URL('../..', import.meta.url));

/** A file of the project, as text. */
export const projectFile = (path: string): string => readFileSync(`${PROJECT}/${path}`, 'utf8');

/** What is between the heading `## title` and the next one of its level. */
export function section(markdown: string, title: string): string {
  const [, ...rest] = markdown.split(`\n## ${title}\n`);
  if (rest.length !== 1) throw new Error(`There is not one section "${title}" but ${rest.length}`);
  return (rest[0] as string).split('\n## ')[0] as string;
}

/** The tables of a text: rows of cells, without their headings. */
export function tables(markdown: string): string[][][] {
  const blocks = markdown.match(/(?:^\|.*\n?)+/gm) ?? [];
  return blocks.map((block) => block.trim().split('\n').slice(2).map(cells));
}

const cells = (row: string): string[] =>
  row
    .slice(1, -1)
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim().replaceAll('\\|', '|'));
