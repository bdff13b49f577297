import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { namesTag } from '../../controllers/entity-tag.js';
import { sendJson } from '../../controllers/send-json.js';

interface Built {
  json: string;
  tag: string;
}

/** Answers the API's document, which is built when it is first asked for. */
export class OpenApiEndpoint {
  readonly #build: () => object;
  #built: Built | undefined;

  constructor(build: () => object) {
    this.#build = build;
  }

  read = async (
    { headers }: { headers: { 'if-none-match'?: string | undefined } },
    res: ServerResponse,
  ): Promise<void> => {
    this.#built ??= this.#make();
    const { json, tag } = this.#built;
    res.setHeader('ETag', tag);
    res.setHeader('Cache-Control', 'no-cache');
    if (!namesTag(headers['if-none-match'] ?? '', tag)) return sendJson(res, 200, json);
    res.statusCode = 304;
    res.end();
  };

  #make(): Built {
    const json = JSON.stringify(this.#build());
    return { json, tag: `"${createHash('sha256').update(json).digest('base64url').slice(0, 22)}"` };
  }
}
