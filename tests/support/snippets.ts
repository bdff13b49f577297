/** A fenced block of a Markdown document. */
export interface Snippet {
  language: string;
  code: string;
  /** Where it begins, counted from 1. */
  line: number;
  /** The HTML comment right above it. */
  mark: string | null;
}

const BLOCK = /(?:^<!-- (.+?) -->\n)?^```(.*)\n([\s\S]*?)^```$/gm;

export const snippetsOf = (markdown: string): Snippet[] =>
  [...markdown.matchAll(BLOCK)].map((match) => ({
    mark: match[1] ?? null,
    language: match[2] as string,
    code: match[3] as string,
    line: markdown.slice(0, match.index).split('\n').length,
  }));

/** Why it is not run; null when it is. */
export const notRun = ({ mark }: Snippet): string | null => /^not run: (.+)$/.exec(mark ?? '')?.[1] ?? null;

/** The file that it is an excerpt of; null when it is none. */
export const excerptOf = ({ mark }: Snippet): string | null => /^from: (.+)$/.exec(mark ?? '')?.[1] ?? null;

/** True for a program that does not end by itself. */
export const keepsRunning = ({ mark }: Snippet): boolean => mark === 'keeps running';
