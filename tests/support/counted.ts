/** How often each method of an object was called. */
export type Calls = Record<string, number>;

/** The object itself, with every call of its methods counted. */
export function counted<T extends object>(target: T, calls: Calls): T {
  return new Proxy(target, {
    get(object, name) {
      const member = Reflect.get(object, name);
      if (typeof member !== 'function') return member;
      return (...args: unknown[]) => {
        calls[String(name)] = (calls[String(name)] ?? 0) + 1;
        return member.apply(object, args);
      };
    },
  });
}
