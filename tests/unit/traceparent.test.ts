import { expect, test } from '@jest/globals';
import { keptTraceparent } from '../../src/core/traceparent.js';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const SPAN = 'b7ad6b7169203331';
const VALID = `00-${TRACE}-${SPAN}-01`;

test.each([
  ['as it is', VALID, VALID],
  ['not sampled', `00-${TRACE}-${SPAN}-00`, `00-${TRACE}-${SPAN}-00`],
  ['with flags that version 00 does not know', `00-${TRACE}-${SPAN}-ff`, VALID],
  ['of a later version', `01-${TRACE}-${SPAN}-01`, VALID],
  ['of a later version with more behind it', `cc-${TRACE}-${SPAN}-03-what-ever`, VALID],
])('a trace context %s is kept', (_, given, kept) => expect(keptTraceparent(given)).toBe(kept));

test.each([
  ['none', undefined],
  ['nothing', ''],
  ['version ff', `ff-${TRACE}-${SPAN}-01`],
  ['version 00 with more behind it', `${VALID}-what-ever`],
  ['a later version with more that is not set off', `01-${TRACE}-${SPAN}-01x`],
  ['no trace', `00-${'0'.repeat(32)}-${SPAN}-01`],
  ['no parent', `00-${TRACE}-${'0'.repeat(16)}-01`],
  ['capital letters', VALID.toUpperCase()],
  ['too few digits', VALID.slice(0, -1)],
  ['a trace that is too long', `00-${TRACE}0-${SPAN}-01`],
  ['letters that are no digits', VALID.replace('af', 'xy')],
  ['spaces', ` ${VALID}`],
  ['a line end', `${VALID}\n`],
  ['two', `${VALID}, ${VALID}`],
])('%s is not heeded', (_, given) => expect(keptTraceparent(given)).toBe(null));
