/** What is asked of a request to know who sent it. Node's own has it, and so has that of the lean road. */
export interface RequestSource {
  readonly method?: string | undefined;
  readonly headers: {
    readonly host?: string | undefined;
    readonly origin?: string | undefined;
    readonly authorization?: string | undefined;
    readonly cookie?: string | undefined;
    readonly 'x-api-key'?: string | string[] | undefined;
    readonly 'x-forwarded-for'?: string | string[] | undefined;
    readonly 'sec-fetch-site'?: string | string[] | undefined;
    readonly 'sec-fetch-mode'?: string | string[] | undefined;
  };
  readonly socket: { readonly remoteAddress?: string | undefined };
}
