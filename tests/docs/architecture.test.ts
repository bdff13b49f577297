import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { expect, test } from '@jest/globals';
import { PROJECT, projectFile, section, tables } from '../support/documentation.js';

const LAYERS = section(projectFile('docs/architecture.md'), 'Layers');

const FILES = readdirSync(`${PROJECT}/src`, { recursive: true, encoding: 'utf8' }).filter((file) =>
  /\.tsx?$/.test(file),
);

/** The folder of `src` that a file is in; a file of `src` itself is its own. */
const layerOf = (path: string): string => path.replace(/\.[jt]sx?$/, '').split('/')[0] as string;

const FOLDERS = [...new Set(FILES.filter((file) => file.includes('/')).map(layerOf))];

function importsOf(file: string): string[] {
  const text = readFileSync(`${PROJECT}/src/${file}`, 'utf8');
  const sources = [...text.matchAll(/\bfrom '(\.[^']+)'/g)].map(([, source]) => source as string);
  return sources.map((source) => posix.join(posix.dirname(file), source));
}

test('the table of layers has every folder', () => {
  const [rows] = tables(LAYERS);
  const named = rows?.map(([layer]) => layer?.replaceAll('`', '')) ?? [];
  expect(named.sort()).toEqual([...FOLDERS].sort());
});

test('the drawing of layers has every import between them', () => {
  const drawn = [...LAYERS.matchAll(/^ {2}(\w+) --> (\w+)$/gm)].map(([, from, to]) => `${from} --> ${to}`);
  const nodes = [...FOLDERS, 'main'].filter((name) => name !== 'core');
  const found = FILES.flatMap((file) =>
    importsOf(file).map((target) => [layerOf(file), layerOf(target)] as const),
  )
    .filter(([from, to]) => from !== to && nodes.includes(from) && nodes.includes(to))
    .map(([from, to]) => `${from} --> ${to}`);
  expect(drawn.sort()).toEqual([...new Set(found)].sort());
});
