/** A task resource or another body of the API, as tests look into it. */
// biome-ignore lint/suspicious/noExplicitAny: tests assert what is in it
type Body = any;

export interface Answer {
  status: number;
  headers: Headers;
  body: Body;
}

/** Talks to a server's API the way a program would. */
export class Client {
  readonly #url: string;
  readonly #headers: Record<string, string>;

  /** `key` is for a server that asks for one. */
  constructor(url: string, key?: string) {
    this.#url = url;
    this.#headers = key === undefined ? {} : { Authorization: `Bearer ${key}` };
  }

  async get(path: string): Promise<Answer> {
    return this.#answer(await fetch(`${this.#url}/api${path}`, { headers: this.#headers }));
  }

  async post(path: string, body: unknown = {}): Promise<Answer> {
    const headers = { ...this.#headers, 'Content-Type': 'application/json' };
    return this.#answer(
      await fetch(`${this.#url}/api${path}`, { method: 'POST', headers, body: JSON.stringify(body) }),
    );
  }

  /** Enqueues and returns the id; throws when that was refused. */
  async enqueue(type: string, fields: object = {}): Promise<number> {
    return this.#must(201, await this.post('/queue/enqueue', { type, ...fields })).task_id;
  }

  async enqueueMany(tasks: object[]): Promise<number[]> {
    const { tasks: enqueued } = this.#must(201, await this.post('/queue/enqueue/batch', { tasks }));
    return enqueued.map(({ task_id }: { task_id: number }) => task_id);
  }

  async task(id: number): Promise<Body> {
    return this.#must(200, await this.get(`/queue/tasks/${id}`));
  }

  async list(query = ''): Promise<Body[]> {
    return this.#must(200, await this.get(`/queue/tasks${query}`));
  }

  async stats(): Promise<Body> {
    return this.#must(200, await this.get('/queue/stats'));
  }

  async claim(fields: object = {}): Promise<Body[]> {
    return this.#must(200, await this.post('/queue/claims', { worker_id: 'test', ...fields })).tasks;
  }

  #must(status: number, answer: Answer): Body {
    if (answer.status === status) return answer.body;
    throw new Error(`${answer.status} instead of ${status}: ${JSON.stringify(answer.body)}`);
  }

  async #answer(response: Response): Promise<Answer> {
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: text === '' ? undefined : JSON.parse(text),
    };
  }
}
