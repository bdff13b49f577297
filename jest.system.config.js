import { readFileSync } from 'node:fs';

const { jest } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'));

/** The tests of whole programs: processes that are killed, commands in a terminal, a browser, attacks. `npm test` has the others. */
export default {
  ...jest,
  testMatch: jest.testPathIgnorePatterns
    .filter((pattern) => pattern.startsWith('/tests/'))
    .map((pattern) => `<rootDir>${pattern}${pattern.endsWith('/') ? '**/*.test.ts' : ''}`),
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
};
