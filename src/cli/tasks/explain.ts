import { ApiError, ConnectionError } from '../../client/index.js';
import { StartupError } from '../../domain/startup-error.js';
import { certificateAdvice } from './certificate-advice.js';
import { plainText } from './plain-text.js';

/** True when TLS was begun, and what came back was none. OpenSSL's own words for that help nobody. */
const isAnsweredInPlain = ({ message }: ConnectionError): boolean =>
  /wrong version number|packet length too long/.test(message);

/** What went wrong and what can be done, for whoever typed the command; null for a defect. */
export function explain(error: unknown, url: string): string | null {
  if (error instanceof ConnectionError && isAnsweredInPlain(error)) {
    return `No secure connection to ${url}: what listens there speaks http://, not https://.`;
  }
  if (error instanceof ConnectionError) {
    const advice = certificateAdvice(error);
    if (advice) return `No secure connection to ${url}. ${advice}`;
    return `${error.message}\nStart a server with "spoolite dev", or say where one is with --url or SPOOLITE_URL.`;
  }
  if (error instanceof ApiError && error.code === null) {
    return `What listens at ${url} is not a Spoolite server, or something is in between. ${plainText(error.message)}`;
  }
  if (error instanceof ApiError && error.code === 'TASK_NOT_FOUND') {
    return `${error.message}: "spoolite list" shows which there are.`;
  }
  if (error instanceof ApiError && error.code === 'UNAUTHENTICATED') {
    return `${plainText(error.message)}\nSet SPOOLITE_KEY to a key of that server; "spoolite keys create" makes one on its machine.`;
  }
  if (error instanceof ApiError) return plainText(error.message);
  return error instanceof StartupError ? error.message : null;
}
