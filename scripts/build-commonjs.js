/**
 * Builds dist/cjs: the library for programs in CommonJS, as Node.js before 20.19 cannot `require` an ES module. Dependencies
 * stay outside, but for those that are ES modules themselves. Runs after the compiler, on what it has made.
 */
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');
const target = join(dist, 'cjs');

/** What the package exports, by its name in dist. */
const ENTRIES = ['index', 'client/index'];

/** Dependencies without a CommonJS form, which are bundled with all that they bring. */
const BUNDLED = ['celebrate'];

const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const external = Object.keys(dependencies).filter((name) => !BUNDLED.includes(name));

const isOutside = (id) =>
  id.startsWith('node:') ||
  builtinModules.includes(id) ||
  external.some((name) => id === name || id.startsWith(`${name}/`));

/** One bundle for all entries: an error class of the one is that of the other. */
const bundle = () =>
  build({
    root,
    configFile: false,
    logLevel: 'warn',
    ssr: { noExternal: true },
    build: {
      ssr: true,
      target: 'node20',
      outDir: target,
      minify: false,
      rolldownOptions: {
        input: Object.fromEntries(ENTRIES.map((name) => [name, join(dist, `${name}.js`)])),
        external: isOutside,
        preserveEntrySignatures: 'strict',
        checks: { pluginTimings: false },
        output: {
          format: 'cjs',
          entryFileNames: '[name].js',
          chunkFileNames: 'chunks/[name].js',
          // The modules themselves are in the package too, with all that is said there; licences stay.
          comments: { legal: true, annotation: false, jsdoc: false },
        },
      },
    },
  });

/** The declarations that this one leads to, with itself. */
function declarationsFrom(file, found = new Set()) {
  if (found.has(file)) return found;
  found.add(file);
  for (const [, name] of readFileSync(file, 'utf8').matchAll(/(?:from |import\()['"](\.[^'"]+)\.js['"]/g)) {
    declarationsFrom(join(dirname(file), `${name}.d.ts`), found);
  }
  return found;
}

/** The compiler takes a declaration for that of an ES module or not by the manifest above it: here it is another one. */
function copyDeclarations() {
  const found = new Set();
  for (const name of ENTRIES) declarationsFrom(join(dist, `${name}.d.ts`), found);
  for (const file of found) cpSync(file, join(target, relative(dist, file)));
}

await bundle();
copyDeclarations();
writeFileSync(join(target, 'package.json'), '{ "type": "commonjs" }\n');
