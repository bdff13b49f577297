import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { JsonObject } from '../../src/core/json.js';
import { CapabilitySet, obstacleTo } from '../../src/core/workers.js';

const meetsDemands = (capabilities: JsonObject, compatibility: JsonObject): boolean =>
  new CapabilitySet(capabilities).meets(compatibility);

describe('what a worker offers', () => {
  test.each<[string, JsonObject, JsonObject]>([
    ['no demand', {}, {}],
    ['no demand of one who offers', { gpu: true }, {}],
    ['an equal scalar', { region: 'us' }, { region: 'us' }],
    ['an element of what is offered', { region: ['eu', 'us'] }, { region: 'us' }],
    ['an equal object, whatever the order of its keys', { disk: { a: 1, b: 2 } }, { disk: { b: 2, a: 1 } }],
    ['an object among those offered', { disk: [{ gb: 1 }, { gb: 2 }] }, { disk: { gb: 2 } }],
    ['an array of which all is offered', { tools: ['a', 'b', 'c'] }, { tools: ['c', 'a'] }],
    ['an array of one, offered as a scalar', { tools: 'a' }, { tools: ['a'] }],
    ['an array twice the same, offered as a scalar', { tools: 'a' }, { tools: ['a', 'a'] }],
    ['an empty array', { tools: ['a'] }, { tools: [] }],
    ['an empty array of one who offers nothing of it', {}, { tools: [] }],
    ['null asks nothing', {}, { region: null }],
    ['null asks nothing of one who offers', { region: 'us' }, { region: null }],
    ['false', { gpu: false }, { gpu: false }],
    ['several keys', { region: 'us', gpu: true, more: 1 }, { gpu: true, region: 'us' }],
    ['an array inside an offered array', { size: [[1, 2]] }, { size: [[1, 2]] }],
  ])('met: %s', (_, capabilities, compatibility) => {
    expect(meetsDemands(capabilities, compatibility)).toBe(true);
  });

  test.each<[string, JsonObject, JsonObject]>([
    ['a key that is not offered', {}, { gpu: true }],
    ['another value', { region: 'eu' }, { region: 'us' }],
    ['a value not among those offered', { region: ['eu', 'asia'] }, { region: 'us' }],
    ['true is not 1', { gpu: 1 }, { gpu: true }],
    ['1 is not true', { gpu: true }, { gpu: 1 }],
    ['"16" is not 16', { cores: 16 }, { cores: '16' }],
    ['false is not null', { gpu: null }, { gpu: false }],
    ['an object with more in it', { disk: { gb: 1, ssd: true } }, { disk: { gb: 1 } }],
    ['an array of which some is offered', { tools: ['a'] }, { tools: ['a', 'b'] }],
    ['one key of two', { region: 'us' }, { region: 'us', gpu: true }],
    ['text is not searched in', { region: 'us-west' }, { region: 'us' }],
    ['what every object inherits', {}, { toString: 'x', constructor: 'y' }],
    ['a key named __proto__', {}, JSON.parse('{"__proto__":{"a":1}}')],
  ])('not met: %s', (_, capabilities, compatibility) => {
    expect(meetsDemands(capabilities, compatibility)).toBe(false);
  });

  const anyObject = fc.dictionary(fc.string(), fc.jsonValue()) as fc.Arbitrary<JsonObject>;

  test('whoever offers what is demanded meets it', () => {
    fc.assert(fc.property(anyObject, (demand) => expect(meetsDemands(demand, demand)).toBe(true)));
  });

  test('offering more loses no task, demanding more gains none', () => {
    fc.assert(
      fc.property(anyObject, anyObject, anyObject, (offer, demand, more) => {
        if (meetsDemands(offer, demand)) expect(meetsDemands({ ...more, ...offer }, demand)).toBe(true);
        else expect(meetsDemands(offer, { ...more, ...demand })).toBe(false);
      }),
    );
  });
});

describe('why no worker takes a task', () => {
  const task = { type: 'video', compatibility: { gpu: true } };
  const capable = { types: ['video'], capabilities: { gpu: true } };

  test.each([
    ['no worker at all', [], 'type'],
    ['only workers for other types', [{ ...capable, types: ['mail'] }], 'type'],
    ['a worker for its type that lacks a capability', [{ ...capable, capabilities: {} }], 'requirements'],
    ['a worker for any type that lacks a capability', [{ types: null, capabilities: {} }], 'requirements'],
    [
      'the capability only at a worker for another type',
      [
        { types: ['video'], capabilities: {} },
        { ...capable, types: ['mail'] },
      ],
      'requirements',
    ],
    ['one of several takes it', [{ types: ['video'], capabilities: {} }, capable], null],
    ['a worker for any type takes it', [{ ...capable, types: null }], null],
  ])('%s', (_what, workers, expected) => {
    expect(obstacleTo(task, workers)).toBe(expected);
  });
});
