import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { namesTag } from '../../controllers/entity-tag.js';
import { ownPath } from '../../controllers/own-urls.js';
import { sendJson } from '../../controllers/send-json.js';

interface Built {
  base: string;
  json: string;
  tag: string;
}

/** Answers the API's document, which is built when it is first asked for. */
export class OpenApiEndpoint {
  readonly #build: (base: string) => object;
  #built: Built | undefined;

  /** `base` is the path that the app is mounted under. */
  constructor(build: (base: string) => object) {
    this.#build = build;
  }

  read = async (
    { headers }: { headers: { 'if-none-match'?: string | undefined } },
    res: ServerResponse,
  ): Promise<void> => {
    const { json, tag } = this.#documentAt(ownPath(res, ''));
    res.setHeader('ETag', tag);
    res.setHeader('Cache-Control', 'no-cache');
    if (!namesTag(headers['if-none-match'] ?? '', tag)) return sendJson(res, 200, json);
    res.statusCode = 304;
    res.end();
  };

  /** The last one is kept: as a rule an app is mounted once. */
  #documentAt(base: string): Built {
    if (this.#built?.base !== base) this.#built = this.#make(base);
    return this.#built;
  }

  #make(base: string): Built {
    const json = JSON.stringify(this.#build(base));
    return { base, json, tag: `"${createHash('sha256').update(json).digest('base64url').slice(0, 22)}"` };
  }
}
