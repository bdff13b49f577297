import { type Logger, pino } from 'pino';

export interface MemoryLogger extends Logger {
  /** Messages so far, oldest first. */
  messages: string[];
  /** The same with all that goes with them. */
  lines: { level: number; msg: string; [name: string]: unknown }[];
}

/** A logger whose messages a test can read. */
export function memoryLogger(): MemoryLogger {
  const messages: string[] = [];
  const lines: MemoryLogger['lines'] = [];
  const write = (text: string): void => {
    const line = JSON.parse(text);
    lines.push(line);
    messages.push(line.msg);
  };
  return Object.assign(pino({ base: undefined }, { write }), { messages, lines });
}

/** A logger that keeps what it is told, parsed. */
export function capturingLogger(): { logger: Logger; lines: Record<string, unknown>[] } {
  const lines: Record<string, unknown>[] = [];
  const write = (line: string) => void lines.push(JSON.parse(line));
  return { logger: pino({ level: 'trace', base: undefined }, { write }), lines };
}

type Labels = Record<string, string>;

interface Series {
  name: string;
  labels: Labels;
  value: number;
}

const LINE = /^([a-z_]+)(?:\{(.*)\})? (\S+)$/;
const LABEL = /([a-z]+)="((?:[^"\\]|\\.)*)"/g;

const labelsOf = (text = ''): Labels =>
  Object.fromEntries(
    [...text.matchAll(LABEL)].map(([, name, value]) => [name, (value as string).replace(/\\(.)/g, '$1')]),
  );

/** What a scrape has given. */
export class Metrics {
  readonly series: Series[];
  /** Name of each metric → its type. */
  readonly types: Map<string, string>;
  readonly help: Map<string, string>;

  constructor(text: string) {
    const lines = text.split('\n');
    this.series = lines.flatMap((line) => {
      const [, name, labels, value] = LINE.exec(line) ?? [];
      return name ? [{ name, labels: labelsOf(labels), value: Number(value) }] : [];
    });
    const said = (what: string) =>
      new Map(
        lines
          .filter((line) => line.startsWith(`# ${what} `))
          .map((line) => [line.split(' ')[2] as string, line.split(' ').slice(3).join(' ')]),
      );
    this.types = said('TYPE');
    this.help = said('HELP');
  }

  /** Series of a name that have these labels, and perhaps others. */
  of(name: string, labels: Labels = {}): Series[] {
    const wanted = Object.entries(labels);
    return this.series.filter(
      (one) => one.name === name && wanted.every(([label, value]) => one.labels[label] === value),
    );
  }

  /** The sum of those; undefined when there are none. */
  sum(name: string, labels: Labels = {}): number | undefined {
    const found = this.of(name, labels);
    return found.length > 0 ? found.reduce((sum, { value }) => sum + value, 0) : undefined;
  }
}
