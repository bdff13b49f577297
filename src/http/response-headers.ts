/**
 * The headers of a response until they are sent, as a flat list of names and values. Names are our own, always spelled
 * the same, so they are compared verbatim.
 */
export class ResponseHeaders {
  readonly list: (string | number)[] = [];

  set(name: string, value: string | number): void {
    const at = this.#indexOf(name);
    if (at === -1) this.list.push(name, value);
    else this.list[at + 1] = value;
  }

  get(name: string): string | number | undefined {
    const at = this.#indexOf(name);
    return at === -1 ? undefined : this.list[at + 1];
  }

  remove(name: string): void {
    const at = this.#indexOf(name);
    if (at !== -1) this.list.splice(at, 2);
  }

  #indexOf(name: string): number {
    for (let at = 0; at < this.list.length; at += 2) if (this.list[at] === name) return at;
    return -1;
  }
}
