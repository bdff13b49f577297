import type { Reply } from '../controllers/reply.js';

/**
 * What a page for people carries in place of, and besides, the default headers: what it may load, and that a page which has
 * opened it, or which it opens, is not to reach into it.
 */
export function setPageHeaders(res: Reply, policy: string): void {
  res.setHeader('Content-Security-Policy', policy);
  res.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
}
