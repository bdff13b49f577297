/** The script of the worker that all tabs of a browser share: it holds their one connection. */
import { ChangeStream, type PageMessage } from './change-stream.js';

const connection = new ChangeStream();

// This file runs as a shared worker, whose globals the library for pages does not know.
globalThis.addEventListener('connect', (event) => {
  const port = (event as MessageEvent).ports[0] as MessagePort;
  const leave = connection.listen((message) => port.postMessage(message));
  port.addEventListener('message', ({ data }: MessageEvent<PageMessage>) => {
    if (data.kind === 'bye') leave();
  });
  port.start();
});
