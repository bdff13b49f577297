// Serves a database file on a free port until its standard input ends; the address is its first line.
import { createApp } from '../../dist/index.js';

const app = createApp({ database: process.argv[2] });
console.log(await app.start({ port: 0 }));
process.stdin.resume().once('end', () => app.stop());
