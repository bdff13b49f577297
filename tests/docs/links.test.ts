import { existsSync, readdirSync } from 'node:fs';
import { posix } from 'node:path';
import { expect, test } from '@jest/globals';
import { PROJECT, projectFile } from '../support/documentation.js';

const DOCUMENTS = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync(`${PROJECT}/docs`, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file}`),
];

/** As a heading is named in an address. */
const slug = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\w\- ]/g, '')
    .replaceAll(' ', '-');

const headingsOf = (document: string): string[] =>
  [...projectFile(document).matchAll(/^#+ (.+)$/gm)].map(([, heading]) => slug(heading as string));

/** What a link of a document leads to within the project, or null. */
function target(document: string, link: string): { file: string; anchor: string | undefined } | null {
  if (/^[a-z]+:/.test(link)) return null;
  const [path = '', anchor] = link.split('#');
  return { file: path ? posix.join(posix.dirname(document), path) : document, anchor };
}

test.each(DOCUMENTS)('the links of %s lead somewhere', (document) => {
  const links = [...projectFile(document).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link as string);
  const broken = links.filter((link) => {
    const to = target(document, link);
    if (!to) return false;
    if (!existsSync(`${PROJECT}/${to.file}`)) return true;
    return to.anchor !== undefined && !headingsOf(to.file).includes(to.anchor);
  });
  expect(broken).toEqual([]);
});

test('every page is reached from the README', () => {
  const reached = new Set(['README.md']);
  for (const document of reached) {
    for (const [, link] of projectFile(document).matchAll(/\]\(([^)\s]+)\)/g)) {
      const file = target(document, link as string)?.file;
      if (file?.endsWith('.md') && existsSync(`${PROJECT}/${file}`)) reached.add(file);
    }
  }
  expect(DOCUMENTS.filter((document) => !reached.has(document))).toEqual([]);
});
