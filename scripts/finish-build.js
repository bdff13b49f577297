/** The last step of a build: the program can be run as a file, which the compiler does not see to, and the build counts as complete. */
import { chmodSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const inDist = (name) => fileURLToPath(new URL(`../dist/${name}`, import.meta.url));

chmodSync(inDist('main.js'), 0o755);
writeFileSync(inDist('.complete'), '');
