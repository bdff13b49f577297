/** Puts the reference page together in dist/reference: our own files, and those of Swagger UI that it needs. */
import { cpSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const target = join(root, 'dist/reference');
const swaggerUi = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));

/** What is copied, by its name there. */
const FILES = {
  'swagger-ui.css': 'swagger-ui.css',
  'swagger-ui-bundle.js': 'swagger-ui-bundle.js',
  'swagger-ui-bundle.js.LICENSE.txt': 'swagger-ui-bundle.js.LICENSE.txt',
  LICENSE: 'swagger-ui-license.txt',
  NOTICE: 'swagger-ui-notice.txt',
};

mkdirSync(target, { recursive: true });
cpSync(join(root, 'src/reference'), target, { recursive: true });
for (const [file, name] of Object.entries(FILES)) cpSync(join(swaggerUi, file), join(target, name));
