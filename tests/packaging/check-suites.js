/** Runs a suite of tests, as users of the package have them, with each common runner in each of its usual ways of loading modules. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const BODY = readFileSync(fileURLToPath(new URL('suites/suite.js', import.meta.url)), 'utf8');

const RUNNERS = [
  'supertest',
  '@types/supertest',
  '@types/node@20',
  'typescript@5',
  'jest',
  'ts-jest',
  'babel-jest',
  '@babel/core',
  '@babel/preset-env',
  '@swc/core',
  '@swc/jest',
  'vitest',
  // The last that runs on every Node.js 20.
  'mocha@11',
];

const IMPORTS = `
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import request from 'supertest';
import * as spoolite from 'spoolite';
import { createClient } from 'spoolite/client';
`;

const REQUIRES = `
const assert = require('node:assert/strict');
const { mkdtempSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const request = require('supertest');
const spoolite = require('spoolite');
const { createClient } = require('spoolite/client');
`;

const TYPES = 'declare const test: (name: string, run: () => Promise<void>) => void;\n';

const json = (value) => JSON.stringify(value, null, 2);

/** For a test, on a busy machine too. */
const TIMEOUT_MS = 120_000;

const jestConfig = (transform) =>
  `module.exports = ${json({ testMatch: ['**/suite.*'], testTimeout: TIMEOUT_MS, transform })};\n`;

/** As projects in CommonJS have it, whose compiler looks for modules as Node.js 10 did. */
const TSCONFIG = {
  compilerOptions: {
    module: 'commonjs',
    moduleResolution: 'node10',
    target: 'es2022',
    strict: true,
    esModuleInterop: true,
    types: ['node'],
  },
};

const SWC = { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } };

/** Node.js as it was before it could `require` an ES module. */
const OLD_NODE = process.features.require_module ? ['--no-experimental-require-module'] : [];

const bin = (name) => `../../node_modules/${name}`;
const TDD = ['--ui', 'tdd', '--timeout', `${TIMEOUT_MS}`];
const JEST = [bin('jest/bin/jest.js'), '--config', 'jest.config.cjs'];

/** By name: the files of the suite's folder, and what runs there. */
const SUITES = {
  'ts-jest': {
    files: {
      'suite.ts': TYPES + IMPORTS + BODY,
      'tsconfig.json': json(TSCONFIG),
      'jest.config.cjs': jestConfig({ '\\.ts$': 'ts-jest' }),
    },
    run: JEST,
  },
  'babel-jest': {
    files: {
      'suite.js': IMPORTS + BODY,
      'babel.config.json': json({ presets: [['@babel/preset-env', { targets: { node: 'current' } }]] }),
      'jest.config.cjs': jestConfig({ '\\.js$': 'babel-jest' }),
    },
    run: JEST,
  },
  'swc-jest': {
    files: {
      'suite.ts': TYPES + IMPORTS + BODY,
      'jest.config.cjs': jestConfig({ '\\.ts$': ['@swc/jest', SWC] }),
    },
    run: JEST,
  },
  'jest-esm': {
    files: { 'suite.mjs': IMPORTS + BODY, 'jest.config.cjs': jestConfig({}) },
    run: ['--experimental-vm-modules', ...JEST],
  },
  vitest: {
    files: { 'suite.test.mjs': IMPORTS + BODY },
    run: [bin('vitest/vitest.mjs'), 'run', '--globals', '--test-timeout', `${TIMEOUT_MS}`],
  },
  'mocha-commonjs': {
    files: { 'suite.cjs': REQUIRES + BODY },
    run: [...OLD_NODE, bin('mocha/bin/mocha.js'), ...TDD, 'suite.cjs'],
  },
  'mocha-esm': {
    files: { 'suite.mjs': IMPORTS + BODY },
    run: [bin('mocha/bin/mocha.js'), ...TDD, 'suite.mjs'],
  },
  'node-test-commonjs': {
    files: { 'suite.cjs': `const { test } = require('node:test');\n${REQUIRES}${BODY}` },
    run: [...OLD_NODE, '--test', 'suite.cjs'],
  },
  'node-test-esm': {
    files: { 'suite.mjs': `import { test } from 'node:test';\n${IMPORTS}${BODY}` },
    run: ['--test', 'suite.mjs'],
  },
  /** The compiler's check alone, of a CommonJS module under the resolution that knows of both. */
  'tsc-commonjs': {
    files: {
      'suite.cts': TYPES + IMPORTS + BODY,
      'tsconfig.json': json({
        compilerOptions: {
          ...TSCONFIG.compilerOptions,
          module: 'nodenext',
          moduleResolution: 'nodenext',
          noEmit: true,
        },
        files: ['suite.cts'],
      }),
    },
    run: [bin('typescript/bin/tsc'), '-p', '.'],
  },
};

/** `folder` has the package installed. `run` runs a program in a folder, and throws when it fails. */
export function checkSuites(folder, run) {
  run(folder, 'npm', 'install', '--no-save', '--no-audit', '--no-fund', ...RUNNERS);
  for (const [name, suite] of Object.entries(SUITES)) {
    const at = join(folder, 'suites', name);
    mkdirSync(at, { recursive: true });
    writeFileSync(join(at, 'package.json'), '{}');
    for (const [file, text] of Object.entries(suite.files)) writeFileSync(join(at, file), text);
    run(at, process.execPath, ...suite.run);
  }
}
