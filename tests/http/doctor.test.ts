import { writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import Database from 'better-sqlite3';
import supertest from 'supertest';
import { ManualClock } from '../../src/core/clock.js';
import type { DoctorFinding } from '../../src/core/finding.js';
import { createApp } from '../../src/index.js';
import { Diagnostics } from '../../src/services/diagnostics.js';
import { onTestEnd } from '../support/cleanup.js';
import { api, useTestApp } from '../support/test-app.js';

const app = useTestApp();

const doctor = async (query = '') => (await app().http.get(`/api/doctor${query}`).expect(200)).body;

const linesOf = ({ findings }: { findings: DoctorFinding[] }) =>
  findings.filter(({ level }) => level !== 'ok').map(({ level, check }) => `${level} ${check}`);

describe('GET /api/doctor', () => {
  test('says what spoolite doctor says', async () => {
    await api.enqueue(app());
    const found = await doctor();
    expect(found).toMatchObject({
      level: 'ok',
      running: false,
      checked_at_utc: '2025-11-05T12:00:00.000Z',
      took_seconds: expect.any(Number),
    });
    expect(found.findings[0]).toEqual({
      check: 'integrity',
      level: 'ok',
      message: 'SQLite finds no damage',
      advice: null,
    });
    expect(found.findings.map(({ check }: DoctorFinding) => check).sort()).toEqual(
      [
        'clock',
        'counters',
        'disk',
        'integrity',
        'leases',
        'log',
        'orphans',
        'permissions',
        'pragmas',
        'space',
        'versions',
        'wake file',
      ].sort(),
    );
  });

  test('is remembered until somebody wants it fresh', async () => {
    await doctor();
    const other = new Database(app().file);
    onTestEnd(() => other.close());
    other.exec('update queue_state set queued = 7');
    expect(linesOf(await doctor())).toEqual([]);
    const found = await doctor('?fresh=true');
    expect(found.level).toBe('problem');
    expect(linesOf(found)).toEqual(['problem counters']);
    expect(found.findings.find(({ check }: DoctorFinding) => check === 'counters').advice).toMatch(/--fix/);
    other.exec('update queue_state set queued = 0');
  });

  test('tells no path, whatever it finds', async () => {
    writeFileSync(`${app().file}-wake`, 'far too long', { mode: 0o600 });
    const found = await doctor();
    expect(linesOf(found)).toEqual(['warning wake file']);
    expect(JSON.stringify(found)).not.toContain(app().file.replace(/\/[^/]*$/, ''));
    expect(JSON.stringify(found)).not.toContain('queue.db');
  });

  test('looks into a database in memory too', async () => {
    const inMemory = createApp({ database: ':memory:' });
    onTestEnd(() => inMemory.stop());
    const { body } = await supertest(inMemory).get('/api/doctor').expect(200);
    expect(body).toMatchObject({ level: 'ok', running: false });
    expect(body.findings.length).toBeGreaterThan(5);
  });
});

describe('a diagnosis', () => {
  const FOUND: DoctorFinding[] = [{ check: 'integrity', level: 'ok', message: 'fine' }];

  /** One that ends when a test says so. */
  function stepped() {
    const ends: ((findings: DoctorFinding[]) => void)[] = [];
    let now = 0;
    const diagnose = () => new Promise<DoctorFinding[]>((resolve) => ends.push(resolve));
    const diagnostics = new Diagnostics(diagnose, new ManualClock(), () => now);
    return { diagnostics, ends, pass: (ms: number) => (now += ms) };
  }

  test('is one at a time, and who does not wait for it hears that it runs', async () => {
    const { diagnostics, ends } = stepped();
    const never = new Promise(() => {});
    const first = diagnostics.ask(false, never);
    const second = diagnostics.ask(true, never);
    expect(await diagnostics.ask(true, Promise.resolve())).toEqual({ last: null, isRunning: true });
    expect(ends).toHaveLength(1);
    ends[0]?.(FOUND);
    for (const state of await Promise.all([first, second]))
      expect(state).toMatchObject({ last: { findings: FOUND }, isRunning: false });
    expect(ends).toHaveLength(1);
  });

  test('is as good as a new one for a minute', async () => {
    const { diagnostics, ends, pass } = stepped();
    const first = diagnostics.ask(false, new Promise(() => {}));
    ends[0]?.(FOUND);
    await first;
    pass(59_999);
    expect((await diagnostics.ask(false, new Promise(() => {}))).isRunning).toBe(false);
    pass(1);
    expect(await diagnostics.ask(false, Promise.resolve())).toMatchObject({
      last: { findings: FOUND },
      isRunning: true,
    });
  });

  test('that fails is a problem, and not the end', async () => {
    const diagnostics = new Diagnostics(() => Promise.reject(new Error('/secret/path')), new ManualClock());
    const { last } = await diagnostics.ask(false, pause(10_000, undefined, { ref: false }));
    expect(last?.findings).toMatchObject([{ check: 'diagnosis', level: 'problem' }]);
    expect(JSON.stringify(last)).not.toContain('secret');
  });
});
