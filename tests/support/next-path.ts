const NEXT = /^<https?:\/\/[^/]+(\/[^>]+)>; rel="next"$/;

/** The path and query of the next page, which supertest asks for; undefined on the last page. */
export function nextPath({ link }: { link?: string }): string | undefined {
  if (link === undefined) return undefined;
  const path = NEXT.exec(link)?.[1];
  if (path === undefined) throw new Error(`No absolute link to a next page: ${link}`);
  return path;
}
