import fc from 'fast-check';
import { poll } from '../support/request-cases.js';

/** Bytes on which parsers differ, and pieces that mean something to one. */
const TROUBLE = [
  ...[
    '\r',
    '\n',
    '\r\n',
    '\r\n\r\n',
    ' ',
    '\t',
    ':',
    '\0',
    '\x7f',
    '\x80',
    '\xff',
    '?',
    '/',
    '0',
    'HTTP/1.1',
  ],
  ...['\r\nHost: y', '\r\nContent-Length: 3', '\r\nTransfer-Encoding: chunked', '\r\nConnection: close'],
  ...['\r\nIf-None-Match: *', '\r\nX-Request-Id: again', '\r\nPrefer: wait=0', '\r\nExpect: 100-continue'],
  ...['\r\nUpgrade: x', '\r\n folded', '\r\nnonsense', '\r\nConnection: keep-alive, close', poll(1)],
];

const piece = fc.oneof(
  fc.constantFrom(...TROUBLE),
  fc.nat(255).map((byte) => String.fromCharCode(byte)),
);

/** What is done to a request: so many of its characters, from a place on, become something else. */
const mutation = fc.record({
  at: fc.nat(1_000),
  remove: fc.nat(3),
  insert: fc.oneof(fc.constant(''), piece),
});

const request = fc
  .record({
    id: fc.integer({ min: 1, max: 8 }),
    lines: fc.subarray(['Accept: */*', 'If-None-Match: "0"', 'X-Request-Id: mine', 'Connection: keep-alive']),
  })
  .map(({ id, lines }) => poll(id, ...lines));

const LINE_ENDS = /\r\n/g;

/** Mostly between lines, where a change is more than another letter. */
function placeIn(text: string, at: number): number {
  const ends = [...text.matchAll(LINE_ENDS)].map(({ index }) => index);
  return at % 2 === 0 && ends.length > 0 ? (ends[at % ends.length] as number) : at % (text.length + 1);
}

/** A valid poll with up to three things wrong, right or different about it, as latin1. */
export const mutatedPoll = fc.tuple(request, fc.array(mutation, { maxLength: 3 })).map(([text, mutations]) =>
  mutations.reduce((mutated, { at, remove, insert }) => {
    const place = placeIn(mutated, at);
    return mutated.slice(0, place) + insert + mutated.slice(place + remove);
  }, text),
);
