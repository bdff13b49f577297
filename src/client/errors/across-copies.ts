/** The same as in the domain, of which the client knows types alone. */
export function recognizeAcrossCopies(type: { prototype: object }, name: string): void {
  const mark = Symbol.for(`spoolite.${name}`);
  Object.defineProperty(type.prototype, mark, { value: true });
  Object.defineProperty(type, Symbol.hasInstance, {
    value(this: unknown, value: unknown): boolean {
      if (this === type) return Object(value)[mark] === true;
      return Function.prototype[Symbol.hasInstance].call(this, value);
    },
  });
}
