import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

const compress = promisify(gzip);

/** Media types of the files that the build of the page makes. */
const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
};

/** Refers to its files by relative addresses, as it does not know under which path it is mounted. */
const PAGE = 'index.html';

/** A file, ready to be sent. */
export interface PageFile {
  type: string;
  plain: Buffer;
  gzipped: Buffer;
  /** A strong tag of the content as it is sent: the two encodings have different ones. */
  tags: { plain: string; gzipped: string };
}

const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT';

/** The built page. Each file is read and compressed once, when it is first asked for, off the main thread. */
export class PageFiles {
  readonly #folder: URL;
  readonly #files = new Map<string, Promise<PageFile>>();
  #assets: Promise<ReadonlySet<string>> | undefined;

  constructor(folder: URL) {
    this.#folder = folder;
  }

  /** The page itself, its files to be looked for `up` from its address; null where it was not built. */
  page(up: string): Promise<PageFile | null> {
    return this.#find(PAGE, up);
  }

  /** A file that the page refers to; null when it has none of that name. */
  async asset(name: string): Promise<PageFile | null> {
    this.#assets ??= this.#listAssets();
    return (await this.#assets).has(name) ? this.#find(`assets/${name}`) : null;
  }

  /** Only names that are in the folder are ever looked up. */
  async #listAssets(): Promise<ReadonlySet<string>> {
    try {
      return new Set(await readdir(new URL('assets/', this.#folder)));
    } catch (error) {
      this.#assets = undefined;
      if (isMissing(error)) return new Set();
      throw error;
    }
  }

  async #find(path: string, up = ''): Promise<PageFile | null> {
    const key = `${up}${path}`;
    let file = this.#files.get(key);
    if (!file) {
      file = this.#read(path, up);
      this.#files.set(key, file);
    }
    try {
      return await file;
    } catch (error) {
      // It may be there the next time.
      this.#files.delete(key);
      if (isMissing(error)) return null;
      throw error;
    }
  }

  async #read(path: string, up: string): Promise<PageFile> {
    const built = await readFile(new URL(path, this.#folder));
    const plain = up === '' ? built : Buffer.from(built.toString().replaceAll('"./', `"${up}`));
    const gzipped = await compress(plain, { level: 9 });
    const mark = createHash('sha256').update(plain).digest('base64url').slice(0, 16);
    const type = TYPES[path.slice(path.lastIndexOf('.') + 1)] ?? 'application/octet-stream';
    return { type, plain, gzipped, tags: { plain: `"${mark}"`, gzipped: `"${mark}-gz"` } };
  }
}
