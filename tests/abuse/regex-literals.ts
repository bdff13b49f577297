import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from '@swc/core';

const SRC = fileURLToPath(new URL('../../src', import.meta.url));

/** Every regular expression in a part of a syntax tree. */
function* literalsIn(node: unknown): Generator<RegExp> {
  if (typeof node !== 'object' || node === null) return;
  const { type, pattern, flags } = node as Record<string, unknown>;
  if (type === 'RegExpLiteral') yield new RegExp(pattern as string, flags as string);
  else for (const child of Object.values(node)) yield* literalsIn(child);
}

/** The regular expressions in the files of a folder of `src`, each with where it is. */
export const regexLiterals = (folder: string): [string, RegExp][] =>
  readdirSync(join(SRC, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => {
      const tree = parseSync(readFileSync(join(SRC, folder, file), 'utf8'), { syntax: 'typescript' });
      return [...literalsIn(tree)].map((literal): [string, RegExp] => [
        `${folder}/${file}: ${literal}`,
        literal,
      ]);
    });
