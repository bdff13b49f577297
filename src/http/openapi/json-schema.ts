/** A schema of JSON Schema 2020-12, as OpenAPI 3.1 has it. */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
}

/** Leads to a schema that the document has by this name. */
export const schemaRef = (name: string): JsonSchema => ({ $ref: `#/components/schemas/${name}` });

/** A list of what has this name in the document. */
export const arrayOf = (name: string): JsonSchema => ({ type: 'array', items: schemaRef(name) });
