import Joi from 'joi';

interface BodyTypes {
  /** An object of a JSON body: a member named `__proto__` is an unknown field like any other (Joi would drop it unseen). */
  body(fields: Joi.SchemaMap): Joi.ObjectSchema;
  /** An array whose length is checked before its elements (Joi would look at a million of them first). */
  list(): Joi.ArraySchema;
}

const body: Joi.ExtensionFactory = (joi) => ({
  type: 'body',
  base: joi.object(),
  prepare(value, { error }) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, '__proto__')) return undefined;
    return { value, errors: [error('object.unknown', { pointer: '/__proto__' })] };
  },
});

const list: Joi.ExtensionFactory = (joi) => ({
  type: 'list',
  base: joi.array(),
  prepare(value, { schema, error }) {
    const limit = schema.$_getRule('max')?.args?.limit;
    if (!Array.isArray(value) || typeof limit !== 'number' || value.length <= limit) return undefined;
    return { value, errors: [error('array.max', { limit })] };
  },
});

/** Joi, with types for JSON bodies. */
export const Schema: Joi.Root & BodyTypes = Joi.extend(body, list);
