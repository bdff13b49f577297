/**
 * Makes `instanceof` hold across copies of this package. One program may have several: the ES modules and the CommonJS bundle, or
 * one that a library brings. The mark is in the symbol registry, which all copies share. A subclass without a mark of its own
 * keeps the usual meaning.
 */
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
