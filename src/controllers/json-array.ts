/** JSON text of an array, from the JSON texts of its elements. */
export const jsonArray = (elements: readonly string[]): string => `[${elements.join(',')}]`;
