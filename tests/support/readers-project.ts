import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT } from './markdown.js';
import { listening, MAIN, Program } from './program.js';
import { scratchFolder } from './scratch-folder.js';

/** A folder as a reader of the documentation has it: with the package installed, and a server running beside. */
export class ReadersProject {
  readonly folder = scratchFolder();
  readonly database = join(this.folder, 'data/spoolite.db');
  url = '';
  /** What the reader has in `$ID`. */
  id = 0;

  constructor() {
    mkdirSync(join(this.folder, 'data'));
    mkdirSync(join(this.folder, 'node_modules/.bin'), { recursive: true });
    symlinkSync(PROJECT, join(this.folder, 'node_modules/spoolite'));
    symlinkSync(
      join(PROJECT, 'node_modules/@opentelemetry'),
      join(this.folder, 'node_modules/@opentelemetry'),
    );
    const shim = `#!/bin/sh\nexec "${process.execPath}" "${MAIN}" "$@"\n`;
    writeFileSync(join(this.folder, 'node_modules/.bin/spoolite'), shim, { mode: 0o755 });
    this.write('package.json', '{ "type": "module" }');
  }

  write(file: string, text: string): void {
    writeFileSync(join(this.folder, file), text);
  }

  /** `npm start` in the checkout; its build step has been done already, and would pull the program from under other tests. */
  async startServer(): Promise<void> {
    const env = { SPOOLITE_PORT: '0', SPOOLITE_DATABASE: this.database };
    const options = { cwd: PROJECT, group: true };
    const npm = new Program('npm', ['start', '--ignore-scripts'], env, options);
    this.url = (await listening(npm)).url;
  }

  /** A command of the documentation, in this folder, talking to this server; killed when the test ends. */
  start(command: string): Program {
    const env = { PYTHONUNBUFFERED: '1', NO_PROXY: '127.0.0.1', SPOOLITE_URL: this.url, ID: String(this.id) };
    const own = command.replaceAll('http://127.0.0.1:8000', this.url);
    return new Program('bash', ['-c', own], env, { cwd: this.folder, group: true });
  }

  /** What a command printed; throws when it failed. */
  async run(command: string): Promise<string> {
    const program = this.start(command);
    const { code } = await program.exited;
    if (code === 0) return program.output;
    throw new Error(`Exit code ${code} from: ${command}\n${program.output}`);
  }
}
