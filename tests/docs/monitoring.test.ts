import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { onTestEnd } from '../support/cleanup.js';
import { PROJECT, projectFile, tables } from '../support/documentation.js';
import { describeWith, promtool } from '../support/processes.js';
import { Metrics } from '../support/telemetry.js';
import { useTestApp } from '../support/test-app.js';

const app = useTestApp({}, 'file');

const RULES = projectFile('docs/operations/alerts.yaml');
const BOARD = JSON.parse(projectFile('docs/operations/grafana.json'));

// biome-ignore lint/suspicious/noExplicitAny: as Grafana has it
const panels: any[] = BOARD.panels.filter(({ type }: { type: string }) => type !== 'row');
const boardExpressions = panels.flatMap(({ targets }) => targets.map(({ expr }: { expr: string }) => expr));

let metrics: Metrics;

beforeAll(async () => {
  await app().http.post('/api/queue/enqueue').send({ type: 'mail' });
  metrics = new Metrics((await app().http.get('/metrics')).text);
});

/** Every label that a metric has in some series. */
const labelsOf = (name: string): Set<string> => {
  const isHistogram = metrics.types.get(name) === 'histogram';
  const series = metrics.of(isHistogram ? `${name}_bucket` : name);
  return new Set(series.flatMap(({ labels }) => Object.keys(labels)));
};

describe('the tables of metrics', () => {
  const [queue = [], process = []] = tables(
    projectFile('docs/monitoring.md').split('## Metrics\n')[1]!.split('\n## Traces')[0]!,
  );
  const unitOf = (name: string): string => {
    if (/_seconds(_total)?$/.test(name)) return 'seconds';
    return name.endsWith('_bytes') ? 'bytes' : '—';
  };
  const rowOf = (name: string): string[] => {
    const labels = [...labelsOf(name)].filter((label) => label !== 'pid' && label !== 'le');
    const shown = labels.length > 0 ? `{${labels.join(', ')}}` : '';
    return [`\`${name}${shown}\``, metrics.types.get(name)!, unitOf(name), metrics.help.get(name)!];
  };
  const isOwn = (name: string): boolean => labelsOf(name).has('pid');
  const names = () => [...metrics.types.keys()];

  test('have every metric of the queue, with its type, unit and meaning', () =>
    expect(queue).toEqual(
      names()
        .filter((name) => !isOwn(name))
        .map(rowOf),
    ));
  test('have every metric of the process', () => expect(process).toEqual(names().filter(isOwn).map(rowOf)));
});

describe('rules and board', () => {
  const NAMES = /\b((?:spoolite|process)_[a-z_]+)\b/g;
  const namesIn = (text: string): string[] => [...text.matchAll(NAMES)].map(([, name]) => name as string);
  const expressionsOf = (rules: string) =>
    rules.split('\n').filter((line) => !/summary|spoolite"/.test(line));
  const isThere = (name: string): boolean =>
    metrics.types.has(name) || metrics.types.get(name.replace(/_(bucket|sum|count)$/, '')) === 'histogram';

  test('ask only for metrics that are there', () => {
    const inRules = namesIn(RULES);
    const inBoard = boardExpressions.flatMap(namesIn);
    expect(expressionsOf(RULES).length).toBeGreaterThan(10);
    expect(new Set(inRules).size).toBeGreaterThan(7);
    expect(new Set(inBoard).size).toBeGreaterThan(20);
    expect([...inRules, ...inBoard].filter((name) => !isThere(name))).toEqual([]);
  });

  test('the board shows every metric of the queue', () => {
    const shown = boardExpressions.join(' ');
    const notShown = [...metrics.types.keys()].filter((name) => !shown.includes(name));
    expect(notShown).toEqual([
      'spoolite_tasks_requeued_total',
      'spoolite_tasks_deleted_total',
      'spoolite_overdue_handlers',
      'spoolite_log_lines_dropped_total',
    ]);
  });

  test('the board can be imported anywhere: its data source is a variable', () => {
    const [source] = BOARD.templating.list;
    expect(source).toMatchObject({ name: 'datasource', type: 'datasource', query: 'prometheus' });
    for (const { datasource } of panels) expect(datasource.uid).toMatch(/^\$\{datasource\}$/);
    expect(BOARD.id).toBeUndefined();
  });

  test('every panel says what it means, and has its own place', () => {
    for (const { title, description } of panels)
      expect([title, description]).toEqual([title, expect.any(String)]);
    const places = BOARD.panels.map(
      ({ gridPos: { x, y } }: { gridPos: { x: number; y: number } }) => `${x} ${y}`,
    );
    expect(new Set(places).size).toBe(places.length);
  });

  test('every alert says what to do', () => {
    const alerts = RULES.split('- alert: ').slice(1);
    expect(alerts.length).toBeGreaterThan(6);
    for (const alert of alerts) {
      expect(alert).toMatch(/severity: (critical|warning)/);
      expect(alert).toMatch(/summary: .+/);
      expect(alert).toMatch(/description: >-\n {12}\S/);
    }
  });

  test('commands that an alert names are there', () => {
    const named = [...RULES.matchAll(/"spoolite ([a-z]+)/g)].map(([, command]) => command as string);
    const commands = readFileSync(`${PROJECT}/docs/cli.md`, 'utf8') + projectFile('docs/operations.md');
    expect(named.length).toBeGreaterThan(4);
    for (const command of named) expect(commands).toMatch(new RegExp(`\`?(spoolite )?${command}\\b`));
  });
});

describeWith('promtool', 'promtool', () => {
  const file = (name: string): string => join(PROJECT, 'docs/operations', name);

  /** A folder with the files as Prometheus has them, beside a key. */
  const configured = (files: Record<string, string>): string => {
    const folder = mkdtempSync(join(tmpdir(), 'spoolite-prometheus-'));
    onTestEnd(() => rmSync(folder, { recursive: true }));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    return folder;
  };

  test('takes the rules', () => {
    expect(promtool(['check', 'rules', '--lint=all', '--lint-fatal', file('alerts.yaml')])).toMatchObject({
      status: 0,
    });
  });

  test('finds that they fire when they should, and not otherwise', () => {
    expect(promtool(['test', 'rules', file('alerts.test.yaml')])).toMatchObject({ status: 0 });
  });

  test('takes the configuration', () => {
    const config = projectFile('docs/operations/prometheus.yaml');
    const folder = configured({ 'prometheus.yaml': config, 'alerts.yaml': RULES, 'spoolite.key': 'spool_x' });
    expect(promtool(['check', 'config', '--lint-fatal', join(folder, 'prometheus.yaml')])).toMatchObject({
      status: 0,
    });
  });

  test('understands every expression of the board', () => {
    const rules = boardExpressions.map((expression, at) => {
      const filled = expression.replaceAll('$__rate_interval', '1m').replace(/\$(job|instance)/g, 'x');
      return `      - record: panel:${at}\n        expr: ${JSON.stringify(filled)}\n`;
    });
    const text = `groups:\n  - name: board\n    rules:\n${rules.join('')}`;
    const folder = configured({ 'board.yaml': text });
    expect(promtool(['check', 'rules', '--lint=none', join(folder, 'board.yaml')])).toMatchObject({
      status: 0,
    });
  });
});
