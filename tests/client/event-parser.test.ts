import { expect, test } from '@jest/globals';
import { EventParser } from '../../src/client/events.js';

const STREAM = [
  'retry: 1000\nid: 3\n\n',
  'id: 4\nevent: task\ndata: {"a":1}\n\n',
  ': heartbeat\nid: 7\n\n',
  'data:first\ndata: second\n\n',
  'data\n\n',
  'id: 9\ndata: unfinished',
].join('');

const EVENTS = [
  { id: '4', event: 'task', data: '{"a":1}' },
  { id: '7', event: '', data: 'first\nsecond' },
  { id: '7', event: '', data: '' },
];

test.each(['\n', '\r\n', '\r'])('reads events however they are cut, lines ending with %j', (end) => {
  const text = STREAM.replaceAll('\n', end);
  for (let size = 1; size <= text.length; size++) {
    const parser = new EventParser();
    const events = [];
    for (let at = 0; at < text.length; at += size) events.push(...parser.feed(text.slice(at, at + size)));
    expect(events).toEqual(EVENTS);
    expect(parser.id).toBe('9');
  }
});

test('knows where the stream begins and how far it has come, before any event', () => {
  const parser = new EventParser('1');
  expect(parser.id).toBe('1');
  expect([...parser.feed('retry: 1000\nid: 3\n\n')]).toEqual([]);
  expect(parser.id).toBe('3');
});
