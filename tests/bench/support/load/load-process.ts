import { exposeToParent } from '../processes/child-functions.js';
import type { Load, LoadResult } from './load.js';
import { LoadRun } from './load-run.js';

const functions = {
  run: (load: Load): Promise<LoadResult> => new LoadRun(load).run(),
};
export type LoadFunctions = typeof functions;

exposeToParent(functions);
