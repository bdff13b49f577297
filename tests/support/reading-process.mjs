// Reads from a database file in overlapping read transactions, so that somebody always reads; `once` stays in its first.
import Database from 'better-sqlite3';

const [file, mode] = process.argv.slice(2);
const open = () => new Database(file, { readonly: true });
const begin = (connection) => {
  connection.exec('begin');
  connection.prepare('select count(*) from queue_state').get();
  return connection;
};

let current = begin(open());
let next = open();
process.stdout.write('reading\n');
if (mode === 'once') setInterval(() => undefined, 1_000);
else {
  setInterval(() => {
    begin(next);
    current.exec('commit');
    [current, next] = [next, current];
  }, 5);
}
