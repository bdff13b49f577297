import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { type ModuleItem, parseSync } from '@swc/core';

const SRC = fileURLToPath(new URL('../../src', import.meta.url));

const MAX_LINES = 350;

/**
 * What the files of a folder may import besides each other: `any` for values and types, `types` for types alone.
 * `app.ts` is `app`, too: what puts everything together.
 */
const RULES: Record<string, { any: string[]; types?: string[] }> = {
  core: { any: [] },
  db: { any: ['core'] },
  repositories: { any: ['core', 'db'] },
  admin: { any: ['core', 'db', 'repositories'] },
  validation: { any: ['core'] },
  auth: { any: ['core'], types: ['config', 'repositories'] },
  metrics: { any: ['core'], types: ['repositories'] },
  services: { any: ['core', 'validation'], types: ['repositories'] },
  controllers: {
    any: ['core', 'validation', 'auth', 'metrics', 'services'],
    types: ['config', 'repositories'],
  },
  http: { any: ['core', 'config', 'validation', 'auth', 'metrics', 'controllers'] },
  worker: { any: ['core', 'config'], types: ['repositories'] },
  maintenance: { any: ['core', 'config'], types: ['repositories'] },
  client: { any: ['core'] },
  // The client's interface without its server.
  queue: { any: ['core', 'validation', 'services', 'client'], types: ['repositories'] },
  // Knows of the server only what every client knows, and the fields of a task.
  dashboard: { any: ['client', 'core'] },
  config: { any: ['core'] },
  // What is about tasks goes by the client, what is about stored data by admin.
  cli: { any: ['core', 'config', 'client', 'admin', 'app', 'torture'], types: ['worker'] },
  torture: { any: ['core', 'config', 'client', 'admin', 'index.ts'] },
  app: {
    any: [
      'core',
      'db',
      'repositories',
      'admin',
      'http',
      'worker',
      'maintenance',
      'queue',
      'client',
      'config',
    ],
  },
  'index.ts': { any: ['app', 'client', 'core', 'queue', 'worker'] },
  'main.ts': { any: ['cli', 'core'] },
};

/**
 * What only some may import within and across folders: the engine is behind the ports, and only those know it who are it, its
 * tools, and what puts everything together.
 */
const RESERVED: { what: (to: string) => boolean; for: (from: string) => boolean }[] = [
  {
    what: (to) => to.startsWith('db/sqlite/') || to.startsWith('repositories/sqlite/'),
    for: (from) => /^(db|repositories)\/sqlite\//.test(from) || ['admin', 'app'].includes(folderOf(from)),
  },
  // What engines share is the writer's protocol and pure functions: a port knows neither.
  {
    what: (to) => to.startsWith('db/'),
    for: (from) => !/^repositories\/[^/]+$|^repositories\/shared\//.test(from),
  },
  { what: (to) => to.startsWith('repositories/shared/'), for: (from) => !/^repositories\/[^/]+$/.test(from) },
];

/** Who may import the packages that an engine is made of. */
const ENGINE_PACKAGES: Record<string, (from: string) => boolean> = {
  'better-sqlite3': (from) => /^db\/sqlite\//.test(from),
  'drizzle-orm': (from) => /^(db|repositories)\/sqlite\/|^admin\//.test(from),
};

interface Import {
  from: string;
  to: string;
  typeOnly: boolean;
}

const FILES = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.tsx?$/.test(file))
  .map((file) => file.split(sep).join('/'));

/** A module is imported by the name that its file would have when it is built. */
const fileOf = (path: string): string => {
  const [ts, tsx] = [path.replace(/\.js$/, '.ts'), path.replace(/\.js$/, '.tsx')];
  return FILES.includes(tsx) ? tsx : ts;
};

const textOf = (file: string): string => readFileSync(join(SRC, file), 'utf8');

/** The module that a statement names, and whether only types come from it; null for any other statement. */
function namedModule(item: ModuleItem): { source: string; typeOnly: boolean } | null {
  switch (item.type) {
    case 'ImportDeclaration': {
      const { specifiers, source, typeOnly } = item;
      const allTypes = specifiers.every((one) => one.type === 'ImportSpecifier' && one.isTypeOnly);
      return { source: source.value, typeOnly: typeOnly || (specifiers.length > 0 && allTypes) };
    }
    case 'ExportNamedDeclaration': {
      const { specifiers, source } = item;
      const { typeOnly } = item as { typeOnly?: boolean };
      const allTypes = specifiers.every((one) => one.type === 'ExportSpecifier' && one.isTypeOnly);
      return source ? { source: source.value, typeOnly: typeOnly || allTypes } : null;
    }
    case 'ExportAllDeclaration':
      return { source: item.source.value, typeOnly: false };
    default:
      return null;
  }
}

/** What a file loads only when it needs it; `typeof import(...)` counts as well, to be on the safe side. */
const loadedLater = (text: string) =>
  [...text.matchAll(/\bimport\(\s*'([^']+)'\s*\)/g)].map(([, source]) => ({
    source: source as string,
    typeOnly: false,
  }));

/** Every module that a file names. */
function modulesOf(file: string) {
  const text = textOf(file);
  const { body } = parseSync(text, { syntax: 'typescript', tsx: file.endsWith('x'), target: 'es2022' });
  return [...body.flatMap((item) => namedModule(item) ?? []), ...loadedLater(text)];
}

/** What a file imports from other files of `src`. */
const importsOf = (file: string): Import[] =>
  modulesOf(file)
    .filter(({ source }) => source.startsWith('.') && !/\.(css|svg)$/.test(source))
    .map(({ source, typeOnly }) => {
      const to = relative(SRC, join(SRC, dirname(file), source))
        .split(sep)
        .join('/');
      return { from: file, to: fileOf(to), typeOnly };
    });

const IMPORTS = FILES.flatMap(importsOf);

/** The folder of a file; one in `src` itself is a folder of its own, but for `app.ts`. */
const folderOf = (file: string): string => (file === 'app.ts' ? 'app' : (file.split('/')[0] as string));

const isAllowed = ({ from, to, typeOnly }: Import): boolean => {
  const [source, target] = [folderOf(from), folderOf(to)];
  if (source === target) return true;
  const { any = [], types = [] } = RULES[source] ?? {};
  return any.includes(target) || (typeOnly && types.includes(target));
};

/** A circle of imports that goes through the file, or null. Types are gone when the program runs, and make none. */
function circleThrough(file: string): string[] | null {
  const before = new Map<string, string>();
  const pending = [file];
  for (let next = pending.pop(); next; next = pending.pop()) {
    for (const { to } of IMPORTS.filter(({ from, typeOnly }) => from === next && !typeOnly)) {
      if (to === file) {
        const path = [file];
        for (let at: string | undefined = next; at; at = before.get(at)) path.unshift(at);
        return path;
      }
      if (before.has(to)) continue;
      before.set(to, next);
      pending.push(to);
    }
  }
  return null;
}

describe('imports', () => {
  test('are found: the program has many, of every kind', () => {
    expect(IMPORTS.length).toBeGreaterThan(200);
    expect(IMPORTS).toContainEqual({ from: 'main.ts', to: 'cli/program.ts', typeOnly: false });
    const later = { from: 'cli/program.ts', to: 'torture/run-torture.ts', typeOnly: false };
    expect(IMPORTS).toContainEqual(later);
    expect(IMPORTS).toContainEqual({ from: 'index.ts', to: 'core/errors.ts', typeOnly: false });
  });

  test('every file is in a folder that has a rule, or is one of the few at the top', () => {
    const known = FILES.filter((file) => folderOf(file) in RULES);
    expect(FILES.filter((file) => !known.includes(file))).toEqual([]);
  });

  test('keep to who may import whom', () => {
    expect(IMPORTS.filter((found) => !isAllowed(found))).toEqual([]);
  });

  test('leave the engine to those who may know it', () => {
    const isTaken = ({ from, to }: Import) => RESERVED.some((rule) => rule.what(to) && !rule.for(from));
    expect(IMPORTS.filter(isTaken)).toEqual([]);
    expect(IMPORTS.some(({ to }) => to.startsWith('db/sqlite/'))).toBe(true);
    for (const [name, mayImport] of Object.entries(ENGINE_PACKAGES)) {
      const users = FILES.filter((file) => packagesOf([file]).includes(name));
      expect(users.length).toBeGreaterThan(0);
      expect(users.filter((file) => !mayImport(file))).toEqual([]);
    }
  });

  test('lead to files that are there', () => {
    expect(IMPORTS.filter(({ to }) => !FILES.includes(to))).toEqual([]);
  });

  test('go in no circle', () => {
    expect(FILES.map(circleThrough).filter((circle) => circle !== null)).toEqual([]);
  });

  const packagesOf = (files: readonly string[]): string[] => {
    const packages = files
      .flatMap(modulesOf)
      .map(({ source }) => source)
      .filter((source) => !/^(\.|node:)/.test(source));
    return [...new Set(packages.map((name) => name.split('/', name.startsWith('@') ? 2 : 1).join('/')))];
  };
  const isOfPage = (file: string): boolean => folderOf(file) === 'dashboard';
  const { dependencies, devDependencies } = JSON.parse(readFileSync(join(SRC, '../package.json'), 'utf8'));

  test('of packages are those that package.json declares', () => {
    const names = packagesOf(FILES.filter((file) => !isOfPage(file)));
    expect(names.filter((name) => !(name in dependencies))).toEqual([]);
  });

  test('of packages by the dashboard are those that are built into it', () => {
    const names = packagesOf(FILES.filter(isOfPage));
    expect(names.length).toBeGreaterThan(3);
    expect(names.filter((name) => !(name in devDependencies))).toEqual([]);
  });
});

test(`no file is longer than ${MAX_LINES} lines`, () => {
  const long = FILES.filter((file) => textOf(file).trimEnd().split('\n').length > MAX_LINES);
  expect(long).toEqual([]);
});
