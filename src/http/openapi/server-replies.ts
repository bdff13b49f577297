/** What Node's server answers by itself before a request gets to the API, and so without the API's headers. */
export const HEADERS_TOO_LARGE = Object.freeze({
  component: {
    HeadersTooLarge: {
      description: 'The headers of the request are larger than 16 KB. The connection is closed.',
    },
  },
  byReference: { 431: { $ref: '#/components/responses/HeadersTooLarge' } },
});
