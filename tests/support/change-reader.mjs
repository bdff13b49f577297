// Reads changes for ever and writes what it got, a line of JSON each: the tasks, and the cursor from which to go on.
// Arguments: address, `feed` or `events`, cursor.
import { get } from 'node:http';

const [url, kind, begin] = process.argv.slice(2);
const write = (cursor, tasks) => process.stdout.write(`${JSON.stringify({ cursor, tasks })}\n`);

async function readFeed() {
  for (let cursor = begin; ; ) {
    const response = await fetch(`${url}/api/queue/changes?cursor=${cursor}&limit=20&wait=10`);
    if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);
    const page = await response.json();
    cursor = page.cursor;
    write(cursor, page.changes);
  }
}

function readEvents() {
  const headers = { 'Last-Event-ID': begin };
  get(`${url}/api/queue/events`, { headers }, (response) => {
    let rest = '';
    response.setEncoding('utf8').on('data', (text) => {
      const blocks = (rest + text).split('\n\n');
      rest = blocks.pop();
      for (const block of blocks) {
        const [, id, data] = /^id: (\d+)\nevent: task\ndata: (.*)$/s.exec(block) ?? [];
        if (id) write(id, [JSON.parse(data)]);
      }
    });
    response.on('end', () => process.exit(1));
  });
}

if (kind === 'feed') await readFeed();
else readEvents();
