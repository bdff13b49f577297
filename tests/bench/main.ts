import { mkdirSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { FIGURES } from './figures.js';
import { Bench, FULL_PLAN, SMOKE_PLAN } from './support/bench.js';
import type { Figure } from './support/figure.js';
import { Progress, type ResultRow, ResultsFile, resultRow, table } from './support/report.js';

const markOf = ({ long, peers }: Figure): string => (long ? '*' : peers ? '+' : ' ');

const HELP = `npm run bench -- [options]

  --peers            measure other queues too; each is installed in its folder under tests/bench/peers
  --only name,name   measure these figures only
  --smoke            once and on a small scale: shows that everything works, not how fast
  --rounds n         how often each is measured (3)
  --seconds n        how long each measurement takes (4)
  --folder path      where databases and results go; best on a real disk (bench-results)
  --help             this

Figures, those with * only when named, those with + only when named or with --peers:
${FIGURES.map((figure) => `  ${markOf(figure)} ${figure.name.padEnd(16)} ${figure.about}`).join('\n')}
`;

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    smoke: { type: 'boolean', default: false },
    peers: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    seconds: { type: 'string' },
    folder: { type: 'string', default: 'bench-results' },
    help: { type: 'boolean', default: false },
  },
});

function chosen(): Figure[] {
  if (values.only === undefined)
    return FIGURES.filter(({ long, peers }) => !long && (values.peers || !peers));
  return values.only.split(',').map((name) => {
    const figure = FIGURES.find((known) => known.name === name);
    if (!figure) throw new Error(`There is no figure named ${name}; --help lists them.`);
    return figure;
  });
}

async function measure(): Promise<void> {
  const base = values.smoke ? SMOKE_PLAN : FULL_PLAN;
  const plan = {
    ...base,
    ...(values.rounds && { rounds: Number(values.rounds) }),
    ...(values.seconds && { seconds: Number(values.seconds) }),
  };
  const figures = chosen();
  mkdirSync(values.folder, { recursive: true });
  const file = new ResultsFile(values.folder, plan);
  const progress = new Progress();
  const rows: ResultRow[] = [];
  const notes = new Set<string>();
  for (const figure of figures) {
    const bench = new Bench(plan, values.folder, (text) => progress.say(`${figure.name}: ${text}`));
    try {
      for (const measured of await figure.run(bench)) {
        // What a smoke measures says nothing of targets.
        const row = resultRow(figure, values.smoke ? { ...measured, target: undefined } : measured);
        rows.push(row);
        file.add(row);
      }
    } catch (error) {
      // One figure that cannot be had takes none of the others along.
      notes.add(`FAILED ${figure.name}: ${error instanceof Error ? error.stack : error}`);
      process.exitCode = 1;
    } finally {
      for (const note of bench.notes) notes.add(note);
      await bench.close();
    }
  }
  progress.end();
  console.log(table(rows));
  if (notes.size > 0) console.log(`\n${[...notes].join('\n')}`);
  console.log(`\nSaved in ${file.path}`);
}

// By way of an exit, so that what was started is ended and what was written is removed.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));

if (values.help) console.log(HELP);
else await measure();
