import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { scratchFolder } from './cleanup.js';
import { listening, MAIN, Program } from './program.js';

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

/** A fenced block of a Markdown document. */
export interface Snippet {
  language: string;
  code: string;
  /** Where it begins, counted from 1. */
  line: number;
  /** The HTML comment right above it. */
  mark: string | null;
}

const BLOCK = /(?:^<!-- (.+?) -->\n)?^```(.*)\n([\s\S]*?)^```$/gm;

export const snippetsOf = (markdown: string): Snippet[] =>
  [...markdown.matchAll(BLOCK)].map((match) => ({
    mark: match[1] ?? null,
    language: match[2] as string,
    code: match[3] as string,
    line: markdown.slice(0, match.index).split('\n').length,
  }));

/** Why it is not run; null when it is. */
export const notRun = ({ mark }: Snippet): string | null => /^not run: (.+)$/.exec(mark ?? '')?.[1] ?? null;

/** The file that it is an excerpt of; null when it is none. */
export const excerptOf = ({ mark }: Snippet): string | null => /^from: (.+)$/.exec(mark ?? '')?.[1] ?? null;

/** True for a program that does not end by itself. */
export const keepsRunning = ({ mark }: Snippet): boolean => mark === 'keeps running';

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
