import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { describe, expect, test } from '@jest/globals';
import { UserError } from '../../src/core/errors.js';
import { readCertificate } from '../../src/http/tls.js';
import { createApp } from '../../src/index.js';
import { onTestEnd, scratchFolder } from '../support/cleanup.js';
import {
  asOrdinaryUser,
  BOUND_ROOT,
  canBeOrdinary,
  describeWhere,
  testCertificate,
} from '../support/processes.js';
import { MAIN } from '../support/program.js';
import { get } from '../support/request-cases.js';

const DAY_MS = 86_400_000;

/** What is said of the files at this time; null when they are taken. */
function refusal(files: { cert: string; key: string }, now = Date.now()): string | null {
  try {
    readCertificate(files, now);
    return null;
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    return (error as Error).message;
  }
}

describeWhere(canBeOrdinary, BOUND_ROOT, 'a key that this user may not read', () => {
  test('is refused', () => {
    const folder = scratchFolder();
    const { cert, key } = testCertificate(folder);
    chmodSync(key, 0);
    const args = ['serve', '--port', '0', '--database', join(folder, 'queue.db'), '--tls-cert', cert];
    const { status, stderr } = asOrdinaryUser(process.execPath, MAIN, ...args, '--tls-key', key);
    expect(stderr).toContain(`The TLS key ${key} cannot be read: this user may not read it.`);
    expect(status).toBe(1);
  });
});

describe('a certificate', () => {
  const pair = () => {
    const folder = scratchFolder();
    return { folder, ...testCertificate(folder) };
  };

  test('is taken with its key, and says until when it is valid', () => {
    const { cert, key } = pair();
    const { validUntil } = readCertificate({ cert, key }, Date.now());
    expect(Math.round((validUntil.getTime() - Date.now()) / DAY_MS)).toBe(2);
  });

  test('is refused when it is not there, or a folder', () => {
    const { cert, key, folder } = pair();
    expect(refusal({ cert: `${folder}/none.pem`, key })).toBe(
      `The TLS certificate ${folder}/none.pem cannot be read: there is no such file.`,
    );
    expect(refusal({ cert, key: folder })).toBe(`The TLS key ${folder} cannot be read: it is a folder.`);
  });

  test('is refused when the files are something else', () => {
    const { cert, key, folder } = pair();
    const text = join(folder, 'text.pem');
    writeFileSync(text, 'hello');
    expect(refusal({ cert: text, key })).toMatch(/text\.pem holds no certificate in PEM form/);
    expect(refusal({ cert: key, key })).toMatch(/server-key\.pem holds no certificate in PEM form/);
    expect(refusal({ cert, key: text })).toMatch(/text\.pem holds no private key in PEM form/);
    expect(refusal({ cert, key: cert })).toMatch(/server\.pem holds no private key in PEM form/);
  });

  test('is refused with the key of another', () => {
    const { cert, folder } = pair();
    const { key } = testCertificate(folder, 'other');
    expect(refusal({ cert, key })).toMatch(/other-key\.pem does not belong to the certificate .*server\.pem/);
  });

  test.each([
    ['pkcs8', ['pkey', '-aes256']],
    ['traditional', ['ec', '-aes256']],
  ])('is refused with a key that is encrypted (%s)', (_form, [command, cipher]) => {
    const { cert, key, folder } = pair();
    const encrypted = join(folder, 'encrypted.pem');
    const args = [
      command as string,
      '-in',
      key,
      cipher as string,
      '-passout',
      'pass:secret',
      '-out',
      encrypted,
    ];
    execFileSync('openssl', args, { stdio: 'ignore' });
    expect(refusal({ cert, key: encrypted })).toMatch(/encrypted\.pem is encrypted.*openssl pkey/);
  });

  test('is refused before its time and after it', () => {
    const { cert, key } = pair();
    const now = Date.now();
    expect(refusal({ cert, key }, now + 3 * DAY_MS)).toMatch(/server\.pem expired on \d{4}-.*: renew it\.$/);
    expect(refusal({ cert, key }, now - DAY_MS)).toMatch(/is not valid before .*: is the clock right\?$/);
    expect(refusal({ cert, key }, now + DAY_MS)).toBeNull();
  });

  test('is refused when OpenSSL finds it too weak', () => {
    const { folder } = pair();
    const [cert, key] = [join(folder, 'weak.pem'), join(folder, 'weak-key.pem')];
    const args = [
      'req',
      '-x509',
      '-newkey',
      'rsa:512',
      '-nodes',
      '-subj',
      '/CN=weak',
      '-keyout',
      key,
      '-out',
      cert,
    ];
    execFileSync('openssl', args, { stdio: 'ignore' });
    expect(refusal({ cert, key })).toMatch(/weak\.pem cannot be used: .*key too small/);
  });

  test('keeps an app from being made, and leaves nothing behind', () => {
    const folder = scratchFolder();
    const tls = { cert: `${folder}/none.pem`, key: `${folder}/none.pem` };
    expect(() => createApp({ database: `${folder}/queue.db`, tls })).toThrow(UserError);
    expect(() => readFileSync(`${folder}/queue.db`)).toThrow(/ENOENT/);
  });
});

describe('a certificate that is reloaded', () => {
  async function open() {
    const folder = scratchFolder();
    const files = testCertificate(folder);
    const { cert, key } = files;
    const app = createApp({ database: ':memory:', tls: { cert, key } });
    onTestEnd(() => app.stop({ graceSeconds: 0 }));
    const port = Number(new URL(await app.start({ port: 0 })).port);
    const client = async () => {
      const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false });
      onTestEnd(() => socket.destroy());
      await once(socket, 'secureConnect');
      return socket;
    };
    const nameNow = async () => (await client()).getPeerCertificate().subject.CN;
    const put = (other: { cert: string; key: string }) => {
      copyFileSync(other.cert, files.cert);
      copyFileSync(other.key, files.key);
    };
    return { app, folder, files, client, nameNow, put };
  }

  test('is what new connections get, while the others go on', async () => {
    const { app, folder, client, nameNow, put } = await open();
    const before = await client();
    put(testCertificate(folder, 'renewed', 5));
    expect(Math.round(((app.reloadCertificate() as Date).getTime() - Date.now()) / DAY_MS)).toBe(5);
    expect(await nameNow()).toBe('renewed');
    expect(before.getPeerCertificate().subject.CN).toBe('server');
    before.write(get('/api/health'));
    expect(String(await once(before, 'data'))).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  });

  test('is not taken when it is broken: the one before stays', async () => {
    const { app, folder, files, nameNow, put } = await open();
    const other = testCertificate(folder, 'other');
    copyFileSync(other.cert, files.cert);
    expect(() => app.reloadCertificate()).toThrow(UserError);
    expect(await nameNow()).toBe('server');
    writeFileSync(files.key, 'half a file');
    expect(() => app.reloadCertificate()).toThrow(UserError);
    expect(await nameNow()).toBe('server');
    put(other);
    app.reloadCertificate();
    expect(await nameNow()).toBe('other');
  });
});
