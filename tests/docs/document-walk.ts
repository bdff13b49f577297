import { isDeepStrictEqual } from 'node:util';
import { expect } from '@jest/globals';
import { keepsRunning, PROJECT, type ReadersProject, type Snippet } from '../support/documentation.js';
import { eventually } from '../support/waiting.js';

/** The names of a reply's members, and its status where it has one. */
const shape = (reply: { status?: string }): unknown => ({
  members: Object.keys(reply).sort(),
  status: reply.status,
});

/** Does what a document tells its reader to do, snippet by snippet. */
export class DocumentWalk {
  readonly #project: ReadersProject;
  /** The last curl line and its reply. */
  #asked = { line: '', reply: {} };
  /** The id in the last answer to an enqueue. */
  #enqueued = 0;
  #scripts = 0;

  constructor(project: ReadersProject) {
    this.#project = project;
  }

  async do(snippet: Snippet): Promise<unknown> {
    switch (snippet.language) {
      case 'sh':
        return this.#command(snippet);
      case 'python':
        return this.#python(snippet);
      case 'js':
        return this.#save(snippet, 'js');
      case 'ts':
        return this.#compile(snippet);
      case 'yaml':
        return this.#save(snippet, 'yaml');
      case 'json':
        return this.#compareReply(snippet);
    }
  }

  async #command(snippet: Snippet): Promise<void> {
    if (keepsRunning(snippet)) {
      this.#project.start(snippet.code);
      return;
    }
    for (const line of snippet.code.trim().split('\n')) {
      if (line.startsWith('ID=')) this.#project.id = this.#enqueued;
      else if (line.startsWith('curl ')) await this.#ask(line);
      else this.#note(await this.#project.run(line));
    }
  }

  async #ask(line: string): Promise<void> {
    const output = await this.#project.run(line);
    if (output.includes('"error_code"')) throw new Error(`${line} was refused: ${output}`);
    this.#asked = { line, reply: JSON.parse(output) };
    this.#note(output);
  }

  /** A reader puts the number in the answer where the document has one. */
  #note(output: string): void {
    const [, id] = /^\{"task_id":(\d+),"status":"\w+","created_at_utc"/.exec(output) ?? [];
    if (id) this.#enqueued = Number(id);
  }

  /** What the document shows as a reply is like the real one, soon if not at once. */
  async #compareReply({ code }: Snippet): Promise<void> {
    const shown = shape(JSON.parse(code));
    const isLike = async () => {
      if (isDeepStrictEqual(shape(this.#asked.reply), shown)) return true;
      if (/ -(d|X) /.test(this.#asked.line)) return true;
      await this.#ask(this.#asked.line);
      return false;
    };
    await eventually(isLike, 5_000).catch(() => undefined);
    expect(shape(this.#asked.reply)).toEqual(shown);
  }

  async #python(snippet: Snippet): Promise<void> {
    const file = `snippet-${++this.#scripts}.py`;
    this.#project.write(file, this.#aimed(snippet.code));
    if (keepsRunning(snippet)) this.#project.start(`python3 ${file}`);
    else await this.#project.run(`python3 ${file}`);
  }

  /** Writes the file that the first line names, which talks to this server; returns its name. */
  #save({ code, line }: Snippet, extension: string): string {
    const file = new RegExp(`^(?://|#) (\\S+\\.${extension})\n`).exec(code)?.[1];
    if (!file)
      throw new Error(
        `The program of line ${line} does not begin with a comment that names its .${extension}`,
      );
    this.#project.write(file, this.#aimed(code));
    return file;
  }

  /** As a reader would: the compiler checks it, and writes the JavaScript beside it. */
  async #compile(snippet: Snippet): Promise<void> {
    const file = this.#save(snippet, 'ts');
    const types = `--types node --typeRoots ${PROJECT}/node_modules/@types`;
    const options = `--strict --module nodenext --target es2022 --skipLibCheck ${types}`;
    await this.#project.run(`node ${PROJECT}/node_modules/typescript/bin/tsc ${options} ${file}`);
  }

  #aimed(code: string): string {
    const own = code.replaceAll('http://127.0.0.1:8000', this.#project.url);
    return own.replace(/^task_id = \d+/m, `task_id = ${this.#enqueued}`);
  }
}
