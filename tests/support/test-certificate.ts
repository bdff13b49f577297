import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface TestCertificate {
  /** Paths of the files. */
  cert: string;
  key: string;
  /** Its own authority, for clients that are to trust it. */
  ca: Buffer;
}

/** A certificate for loopback, made by openssl, in that folder; nobody but itself has signed it. */
export function testCertificate(folder: string, name = 'server', days = 2): TestCertificate {
  const [cert, key] = [join(folder, `${name}.pem`), join(folder, `${name}-key.pem`)];
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const names = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
  const args = ['req', '-x509', ...curve, ...names, '-keyout', key, '-out', cert, '-days', String(days)];
  execFileSync('openssl', args, { stdio: 'ignore' });
  return { cert, key, ca: readFileSync(cert) };
}
