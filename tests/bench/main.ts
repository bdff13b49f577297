import { mkdirSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { FIGURES } from './figures.js';
import { Bench, FULL_PLAN, SMOKE_PLAN } from './support/bench.js';
import type { Figure } from './support/figure.js';
import { Progress } from './support/report/progress.js';
import { type ResultRow, resultRow } from './support/report/result-row.js';
import { ResultsFile } from './support/report/results-file.js';
import { table } from './support/report/table.js';

const HELP = `npm run bench -- [options]

  --only name,name   measure these figures only
  --smoke            once and on a small scale: shows that everything works, not how fast
  --rounds n         how often each is measured (3)
  --seconds n        how long each measurement takes (4)
  --folder path      where databases and results go; best on a real disk (bench-results)
  --help             this

Figures, those with * only when named:
${FIGURES.map(({ name, about, long }) => `  ${long ? '*' : ' '} ${name.padEnd(22)} ${about}`).join('\n')}
`;

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    smoke: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    seconds: { type: 'string' },
    folder: { type: 'string', default: 'bench-results' },
    help: { type: 'boolean', default: false },
  },
});

function chosen(): Figure[] {
  if (values.only === undefined) return FIGURES.filter(({ long }) => !long);
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
  for (const figure of figures) {
    const bench = new Bench(plan, values.folder, (text) => progress.say(`${figure.name}: ${text}`));
    try {
      for (const measured of await figure.run(bench)) {
        // What a smoke measures says nothing of targets.
        const row = resultRow(figure, values.smoke ? { ...measured, target: undefined } : measured);
        rows.push(row);
        file.add(row);
      }
    } finally {
      await bench.close();
    }
  }
  progress.end();
  console.log(table(rows));
  console.log(`\nSaved in ${file.path}`);
}

if (values.help) console.log(HELP);
else await measure();
