import type { ConnectionError } from '../../client/index.js';
import { certificateAdvice } from './certificate-advice.js';

/** True when TLS was begun, and what came back was none. OpenSSL's own words for that help nobody. */
const isAnsweredInPlain = ({ message }: ConnectionError): boolean =>
  /wrong version number|packet length too long/.test(message);

/** True when the connection was taken, and closed without a word: so a server does that expects TLS. */
const isClosedUnanswered = ({ message }: ConnectionError, url: string): boolean =>
  url.startsWith('http:') && /other side closed|ECONNRESET|socket hang up/.test(message);

/** Why there was no connection, and what can be done. */
export function explainConnection(error: ConnectionError, url: string): string {
  if (isAnsweredInPlain(error)) {
    return `No secure connection to ${url}: what listens there speaks http://, not https://.`;
  }
  const advice = certificateAdvice(error);
  if (advice) return `No secure connection to ${url}. ${advice}`;
  if (isClosedUnanswered(error, url)) {
    return `${error.message}\nPerhaps what listens there speaks https://, not http://.`;
  }
  return `${error.message}\nStart a server with "spoolite dev", or say where one is with --url or SPOOLITE_URL.`;
}
