import type { RequestHead } from './request-head.js';

/**
 * Whether a page may be behind the request, on its own behalf or with a cookie. Such requests are for Express's road, which
 * answers what a browser asks besides (which origins may, and how).
 */
export const isFromBrowser = ({ headers }: Pick<RequestHead, 'headers'>): boolean =>
  headers.origin !== undefined || headers.cookie !== undefined || headers['sec-fetch-site'] !== undefined;
