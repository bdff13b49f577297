// Compiles the bench beside the program. Its imports of src/ are led to dist/: what is measured is what is shipped.
import { spawnSync } from 'node:child_process';
import { rmSync, symlinkSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const at = (path) => fileURLToPath(new URL(path, import.meta.url));

rmSync(at('../../dist-bench'), { recursive: true, force: true });
const { status } = spawnSync(process.execPath, [at('../../node_modules/typescript/bin/tsc'), '-p', at('.')], {
  stdio: 'inherit',
});
if (status !== 0) process.exit(1);
rmSync(at('../../dist-bench/src'), { recursive: true });
symlinkSync(at('../../dist'), at('../../dist-bench/src'), 'junction');
