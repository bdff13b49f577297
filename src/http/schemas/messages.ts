/** What is wrong with a value, worded to follow its name. `{#...}` is filled in by Joi. */
export const MESSAGES = {
  'history.spans': 'must be larger: at most {#max} spans are answered at once',
  'any.only': 'must be one of {#valids}',
  'any.required': 'is required',
  'array.base': 'must be an array',
  'array.max': 'must not have more than {#limit} elements',
  'array.min': 'must have at least {#limit} elements',
  'boolean.base': 'must be true or false',
  'number.base': 'must be a number',
  'number.infinity': 'must be a finite number',
  'number.integer': 'must be an integer',
  'number.max': 'must be {#limit} or less',
  'number.min': 'must be {#limit} or more',
  'number.unsafe': 'must be a number that is stored without rounding',
  'object.base': 'must be an object',
  'object.unknown': 'is not a known field',
  'string.base': 'must be a string',
  'string.empty': 'must not be empty',
  'id.base': 'must be a positive integer without leading zeros',
  'instant.base':
    'must be an RFC 3339 date-time of the years 1970 to 9999, such as 2025-11-05T19:35:00Z (no zone means UTC)',
  'json.problem': '{#message}',
  'key.header':
    'must be 1 to {#max} printable ASCII characters, in double quotes if there are commas or quotes among them; put other keys in the body',
  'text.control': 'must not contain control characters',
  'text.length': 'must not be longer than {#max} characters',
  'text.surrogate': 'contains half of a surrogate pair, which UTF-8 cannot hold',
};
