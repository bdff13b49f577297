import { Chalk } from 'chalk';
import { ApiError, ConnectionError, createClient } from '../../client/index.js';
import { readClientConfig } from '../../config/read-config.js';
import { UserError } from '../../core/errors.js';
import { Output, plainText } from '../output.js';
import { type Context, EXIT } from './context.js';

/** Width without a terminal. */
const COLUMNS = 120;

export interface CommonFlags {
  url?: string;
  key?: string;
  config?: string;
  json?: boolean;
}

/** A command on tasks: resolves to its exit code, or to nothing on success. */
export type Run<Flags> = (context: Context<Flags>) => Promise<number | undefined>;

const warn = (text: string): void => console.error(`spoolite: ${text}`);

const SIGNALS = { SIGINT: EXIT.interrupted, SIGTERM: EXIT.terminated };

/**
 * The first signal aborts the current work, so that the terminal is restored; a second one ends the process. The reason
 * is the exit code.
 */
function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const [name, code] of Object.entries(SIGNALS)) process.once(name, () => controller.abort(code));
  return controller.signal;
}

/** Runs a command and sets the exit code of the program. */
export async function runCommand<Flags extends CommonFlags>(flags: Flags, run: Run<Flags>): Promise<void> {
  const { url, key, color } = await readClientConfig(flags);
  const { isTTY = false, columns = COLUMNS } = process.stdout;
  const paint = new Chalk({ level: isTTY && color ? 1 : 0 });
  const out = new Output({ json: flags.json ?? !isTTY, paint, columns });
  // No retries: a command at a terminal should fail rather than hang; those that keep running retry on their own.
  const client = createClient({ url, ...(key && { key }), retries: 0 });
  const signal = interruption();
  try {
    process.exitCode = (await run({ client, out, flags, signal, warn })) ?? EXIT.ok;
  } catch (error) {
    process.exitCode = signal.aborted ? signal.reason : EXIT.error;
    if (signal.aborted) return;
    const text = explain(error, url);
    if (text === null) throw error;
    warn(text);
  }
}

/** Explains an error to the user, with advice; null for a defect. */
export function explain(error: unknown, url: string): string | null {
  if (error instanceof ConnectionError) return explainConnection(error, url);
  if (error instanceof ApiError && error.code === null) {
    return `The server at ${url} is not Spoolite, or there is a proxy in between. ${plainText(error.message)}`;
  }
  if (error instanceof ApiError && error.code === 'TASK_NOT_FOUND') {
    return `${error.message}: "spoolite list" shows the existing ones.`;
  }
  if (error instanceof ApiError && error.code === 'UNAUTHENTICATED') {
    return `${plainText(error.message)}\nSet SPOOLITE_KEY to a key of that server; create one on its machine with "npx spoolite keys create --name me --scopes read,enqueue".`;
  }
  if (error instanceof ApiError) return plainText(error.message);
  return error instanceof UserError ? error.message : null;
}

/** True if a TLS handshake got a reply in plain text, for which OpenSSL's own message is no help. */
const isAnsweredInPlain = ({ message }: ConnectionError): boolean =>
  /wrong version number|packet length too long/.test(message);

/** True if the connection was accepted and closed without a reply, as by a server that expects TLS. */
const isClosedUnanswered = ({ message }: ConnectionError, url: string): boolean =>
  url.startsWith('http:') && /other side closed|ECONNRESET|socket hang up/.test(message);

/** Explains a failed connection, with advice. */
export function explainConnection(error: ConnectionError, url: string): string {
  if (isAnsweredInPlain(error)) {
    return `No secure connection to ${url}: the server there speaks http, not https.`;
  }
  const advice = certificateAdvice(error);
  if (advice) return `No secure connection to ${url}. ${advice}`;
  if (isClosedUnanswered(error, url)) {
    return `${error.message}\nPerhaps the server there speaks https, not http.`;
  }
  return `${error.message}\nStart a server with "spoolite dev", or set the address of a running one with --url or SPOOLITE_URL.`;
}

/** Advice by OpenSSL's and node's codes for untrusted certificates. */
const UNTRUSTED: Record<string, string> = {
  CERT_HAS_EXPIRED: 'Its certificate has expired: renew it on the server.',
  CERT_NOT_YET_VALID: 'Its certificate is not valid yet: compare the clocks of both machines.',
  ERR_TLS_CERT_ALTNAME_INVALID: 'Its certificate is for another host name: use one of its names with --url.',
};

const UNKNOWN_AUTHORITY =
  'Its certificate is signed by an unknown authority: set NODE_EXTRA_CA_CERTS=ca.pem in the environment, with the file ' +
  'of that authority, or of the certificate itself if it is self-signed.';

/** Advice on the server's certificate; null if that is not the problem. */
export function certificateAdvice({ cause }: ConnectionError): string | null {
  const { code = '' } = ((cause as Error | undefined)?.cause ?? {}) as { code?: string };
  if (Object.hasOwn(UNTRUSTED, code)) return UNTRUSTED[code] as string;
  return /SELF_SIGNED|UNABLE_TO_(GET_ISSUER|VERIFY)|CERT_UNTRUSTED/.test(code) ? UNKNOWN_AUTHORITY : null;
}
