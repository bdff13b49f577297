import { expect } from '@jest/globals';
import type { ReadersProject } from './readers-project.js';
import { keepsRunning, type Snippet } from './snippets.js';

/** The names of an object's members, sorted; of anything else its kind. */
const shape = (value: unknown): unknown =>
  typeof value === 'object' && value !== null ? Object.keys(value).sort() : typeof value;

/** Does what a document tells its reader to do, snippet by snippet. */
export class DocumentWalk {
  readonly #project: ReadersProject;
  #lastReply: unknown;
  #scripts = 0;

  constructor(project: ReadersProject) {
    this.#project = project;
  }

  async do(snippet: Snippet): Promise<void> {
    switch (snippet.language) {
      case 'sh':
        return this.#command(snippet);
      case 'python':
        return this.#python(snippet);
      case 'js':
        return this.#save(snippet);
      case 'json':
        // What the document shows as a reply has the members of the real one.
        expect(shape(JSON.parse(snippet.code))).toEqual(shape(this.#lastReply));
    }
  }

  async #command(snippet: Snippet): Promise<void> {
    if (keepsRunning(snippet)) {
      this.#project.start(snippet.code);
      return;
    }
    for (const line of snippet.code.trim().split('\n')) {
      const output = await this.#project.run(line);
      if (line.startsWith('curl ')) this.#take(line, output);
    }
  }

  #take(line: string, output: string): void {
    this.#lastReply = JSON.parse(output);
    if (output.includes('"error_code"')) throw new Error(`${line} was refused: ${output}`);
  }

  async #python(snippet: Snippet): Promise<void> {
    const file = `snippet-${++this.#scripts}.py`;
    this.#project.write(file, snippet.code.replaceAll('http://127.0.0.1:8000', this.#project.url));
    if (keepsRunning(snippet)) this.#project.start(`python3 ${file}`);
    else await this.#project.run(`python3 ${file}`);
  }

  async #save({ code, line }: Snippet): Promise<void> {
    const file = /^\/\/ (\S+\.js)\n/.exec(code)?.[1];
    if (!file)
      throw new Error(`The JavaScript of line ${line} does not begin with a comment that names its file`);
    this.#project.write(file, code);
  }
}
