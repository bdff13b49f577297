import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { describe, expect, test } from '@jest/globals';
import { scratchFolder } from '../support/cleanup.js';
import { testCertificate } from '../support/processes.js';
import { CommandLine, listening, Program, spooliteIn } from '../support/program.js';
import { eventually } from '../support/waiting.js';

/** A folder with a certificate, and a server that goes by it. */
async function serve(...args: string[]) {
  const folder = scratchFolder();
  const files = testCertificate(folder);
  const env = { SPOOLITE_TLS_CERT: files.cert, SPOOLITE_TLS_KEY: files.key };
  const all = [
    'serve',
    '--port',
    '0',
    '--database',
    join(folder, 'queue.db'),
    '--log-format',
    'json',
    ...args,
  ];
  const { program, url } = await listening(spooliteIn(env, all));
  const put = (other: { cert: string; key: string }) => {
    copyFileSync(other.cert, files.cert);
    copyFileSync(other.key, files.key);
  };
  return { folder, files, program, url, put };
}

/** The name in the certificate that the server shows at present. */
const nameAt = (url: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect({ port: Number(new URL(url).port), rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate().subject.CN as string);
      socket.destroy();
    }).once('error', reject);
  });

describe('the command line and the client, by https', () => {
  test('work with an authority that they are told of', async () => {
    const { url, files } = await serve();
    const env = { NODE_EXTRA_CA_CERTS: files.cert };
    const spoolite = new CommandLine(url, env);
    expect(await spoolite.json('enqueue', 'mail')).toMatchObject({ task_id: 1, status: 'queued' });
    expect(await spoolite.json('status', '1')).toMatchObject({ task_id: 1, type: 'mail' });
    const watch = spoolite.start('status', '1', '--watch');
    await watch.says(/"status":"queued"/);
    const client = new URL('../../dist/client/index.js', import.meta.url).href;
    const script = `import { createClient } from '${client}';
      const queue = createClient({ url: '${url}' });
      console.log((await queue.get(1)).status);`;
    const program = new Program(process.execPath, ['--input-type=module', '-e', script], env);
    expect(await program.exited).toMatchObject({ code: 0 });
    expect(program.stdout).toBe('queued\n');
    await spoolite.json('cancel', '1');
    await watch.says(/"failure_reason":"cancelled"/);
  });

  test('say what to do where the authority is unknown', async () => {
    const { url } = await serve();
    const unknown = await new CommandLine(url).run('stats');
    expect(unknown).toMatchObject({ code: 1, stdout: '' });
    expect(unknown.stderr).toContain(`No secure connection to ${url}.`);
    expect(unknown.stderr).toContain('NODE_EXTRA_CA_CERTS=ca.pem');
    expect(unknown.stderr.split('\n')).toHaveLength(2);
  });

  test('say what to do where http is spoken to https', async () => {
    const { url } = await serve();
    const { code, stderr } = await new CommandLine(url.replace('https', 'http')).run('stats');
    expect(code).toBe(1);
    expect(stderr).toContain('Perhaps the server there speaks https, not http.');
  });

  test('say what to do where the certificate is for another name', async () => {
    const { url, files } = await serve('--host', '127.0.0.2');
    const { stderr } = await new CommandLine(url, { NODE_EXTRA_CA_CERTS: files.cert }).run('stats');
    expect(stderr).toContain('Its certificate is for another host name');
  });
});

describe.each([[['--processes', '1']], [['--processes', '3']]])('SIGHUP, with %j', (args) => {
  test('has the certificate read anew, and a broken one changes nothing', async () => {
    const { folder, files, program, url, put } = await serve(...args);
    expect(await nameAt(url)).toBe('server');
    writeFileSync(files.cert, 'broken');
    program.signal('SIGHUP');
    const count = (text: string) => program.stderr.split(text).length - 1;
    await eventually(() => count('certificate not reloaded') === Number(args[1]));
    expect(program.stderr).toContain('holds no certificate in PEM form');
    for (let n = 0; n < 6; n++) expect(await nameAt(url)).toBe('server');

    put(testCertificate(folder, 'renewed'));
    program.signal('SIGHUP');
    await eventually(() => count('"certificate reloaded"') === Number(args[1]));
    for (let n = 0; n < 6; n++) expect(await nameAt(url)).toBe('renewed');
    program.signal('SIGTERM');
    expect(await program.exited).toEqual({ code: 0, signal: null });
  });
});

test('SIGHUP does nothing to a server that has no certificate, where no terminal has been closed', async () => {
  const folder = scratchFolder();
  const { program, url } = await listening(
    spooliteIn({}, ['serve', '--port', '0', '--database', join(folder, 'q.db')]),
  );
  await program.says(/Try it:\n.+\n/);
  program.signal('SIGHUP');
  expect(await new CommandLine(url).json('stats')).toMatchObject({ total_tasks: 0 });
  program.signal('SIGTERM');
  expect(await program.exited).toEqual({ code: 0, signal: null });
});

describe('a server is not started', () => {
  const exits = async (args: string[]) => {
    const folder = scratchFolder();
    const program = spooliteIn({}, ['serve', '--port', '0', '--database', join(folder, 'q.db'), ...args]);
    expect(await program.exited).toEqual({ code: 1, signal: null });
    return program.stderr;
  };

  test('with a certificate alone, or a key alone', async () => {
    expect(await exits(['--tls-cert', 'a.pem'])).toBe(
      'spoolite: --tls-cert (SPOOLITE_TLS_CERT) also needs --tls-key (SPOOLITE_TLS_KEY): https requires both.\n',
    );
    expect(await exits(['--tls-key', 'a.pem'])).toBe(
      'spoolite: --tls-key (SPOOLITE_TLS_KEY) also needs --tls-cert (SPOOLITE_TLS_CERT): https requires both.\n',
    );
  });

  test('with files that are not there', async () => {
    expect(await exits(['--tls-cert', 'a.pem', '--tls-key', 'b.pem'])).toBe(
      'spoolite: The TLS certificate a.pem cannot be read: there is no such file.\n',
    );
  });
});
