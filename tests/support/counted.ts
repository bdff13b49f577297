/** How often each method of an object was called. */
export type Calls = Record<string, number>;

/** The object itself, with every call of its methods counted. Its methods answer after `then` has. */
export function counted<T extends object>(
  target: T,
  calls: Calls,
  then: (method: string) => Promise<unknown> = async () => undefined,
): T {
  return new Proxy(target, {
    get(object, name) {
      const member = Reflect.get(object, name);
      if (typeof member !== 'function') return member;
      return async (...args: unknown[]) => {
        calls[String(name)] = (calls[String(name)] ?? 0) + 1;
        const answer = await member.apply(object, args);
        await then(String(name));
        return answer;
      };
    },
  });
}
