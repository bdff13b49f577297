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
