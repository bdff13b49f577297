import { exposeToParent } from '../processes/child-functions.js';
import { fillFile } from './fill-file.js';

const functions = { fill: fillFile };
export type FillFunctions = typeof functions;

exposeToParent(functions);
