import type { ConnectionError } from '../../client/index.js';

/** OpenSSL's and node's codes for a certificate that is not to be trusted, and what can be done about each. */
const UNTRUSTED: Record<string, string> = {
  CERT_HAS_EXPIRED: 'Its certificate has expired: renew it on the server.',
  CERT_NOT_YET_VALID: 'Its certificate is not valid yet: compare the clocks of both machines.',
  ERR_TLS_CERT_ALTNAME_INVALID: 'Its certificate is for another name: use a name that is in it with --url.',
};

const UNKNOWN_AUTHORITY =
  'This machine does not know who has signed its certificate: name the file of that authority, or the certificate itself ' +
  'when it has signed itself, with NODE_EXTRA_CA_CERTS=ca.pem in the environment.';

/** What to do about the server's certificate; null when that is not what went wrong. */
export function certificateAdvice({ cause }: ConnectionError): string | null {
  const { code = '' } = ((cause as Error | undefined)?.cause ?? {}) as { code?: string };
  if (Object.hasOwn(UNTRUSTED, code)) return UNTRUSTED[code] as string;
  return /SELF_SIGNED|UNABLE_TO_(GET_ISSUER|VERIFY)|CERT_UNTRUSTED/.test(code) ? UNKNOWN_AUTHORITY : null;
}
