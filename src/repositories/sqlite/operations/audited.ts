import type { Run, Transaction } from '../../../db/sqlite/writer/operation.js';
import { auditLogOf, type Deed } from './audit-log.js';

/** What the audit log tells of a request that was run; null where nothing changed that anybody would ask about. */
type Describe<Args, Result> = (args: Args, result: Result) => Deed | null;

/** The operation, telling the audit log of whatever it does for somebody who is named. */
export const audited =
  <Args, Result>(
    operation: (transaction: Transaction) => Run<Args, Result>,
    describe: Describe<Args, Result>,
  ) =>
  (transaction: Transaction): Run<Args, Result> => {
    const run = operation(transaction);
    const log = auditLogOf(transaction);
    const audit: Run<Args, Result> = (args) => run(args);
    if (run.many) audit.many = (all) => run.many?.(all) as Result[];
    audit.told = (by, args, result) => {
      const deed = describe(args, result);
      if (deed) log.add(by, deed);
    };
    return audit;
  };
