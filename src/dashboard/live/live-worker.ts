/** The script of the shared worker, which holds the one connection of all tabs. */
import { ChangeStream, type PageMessage } from './change-stream.js';

const connection = new ChangeStream();

// A shared worker's globals are missing in the DOM library's types.
globalThis.addEventListener('connect', (event) => {
  const port = (event as MessageEvent).ports[0] as MessagePort;
  const leave = connection.listen((message) => port.postMessage(message));
  port.addEventListener('message', ({ data }: MessageEvent<PageMessage>) => {
    if (data.kind === 'bye') leave();
  });
  port.start();
});
