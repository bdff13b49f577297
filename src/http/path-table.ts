interface Node<Value> {
  children: Map<string, Node<Value>>;
  /** Matches any segment without a child of its own. */
  parameter?: { name: string; node: Node<Value> };
  value?: Value;
}

export interface PathMatch<Value> {
  value: Value;
  /** Decoded, by the names in the pattern. */
  params: Readonly<Record<string, string>>;
}

const NO_PARAMS = Object.freeze({});

const newNode = <Value>(): Node<Value> => ({ children: new Map() });

/**
 * Looks up paths by patterns such as `/tasks/:task_id/cancel`. Segments are compared undecoded, so that no path has two
 * spellings; a trailing slash makes no difference.
 */
export class PathTable<Value> {
  readonly #root = newNode<Value>();
  /** Whole paths without parameters: most lookups end here. */
  readonly #literal = new Map<string, PathMatch<Value>>();

  add(pattern: string, value: Value): void {
    let node = this.#root;
    for (const segment of pattern.slice(1).split('/')) {
      if (segment.startsWith(':')) {
        node.parameter ??= { name: segment.slice(1), node: newNode() };
        node = node.parameter.node;
      } else {
        const child = node.children.get(segment) ?? newNode<Value>();
        node.children.set(segment, child);
        node = child;
      }
    }
    node.value = value;
    if (!pattern.includes(':')) this.#literal.set(pattern, { value, params: NO_PARAMS });
  }

  /** Null if no pattern matches. Throws `URIError` for an invalidly encoded parameter. */
  find(path: string): PathMatch<Value> | null {
    const literal = this.#literal.get(path);
    if (literal) return literal;
    let node = this.#root;
    const params: Record<string, string> = {};
    for (let start = 1; start <= path.length; ) {
      const slash = path.indexOf('/', start);
      const end = slash === -1 ? path.length : slash;
      const segment = path.slice(start, end);
      if (segment === '' && end === path.length && start > 1) break;
      const child = node.children.get(segment);
      if (child) node = child;
      else if (node.parameter && segment !== '') {
        params[node.parameter.name] = segment.includes('%') ? decodeURIComponent(segment) : segment;
        node = node.parameter.node;
      } else return null;
      start = end + 1;
    }
    return node.value === undefined ? null : { value: node.value, params };
  }
}
