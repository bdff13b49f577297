import type { IncomingMessage } from 'node:http';
import { parse } from 'node:querystring';
import type { RequestHandler } from 'express';
import type { Logger } from 'pino';
import type { AccessControl } from '../auth/access-control.js';
import type { HttpResponse, RequestHead } from '../auth/exchange.js';
import type { ServerSettings } from '../config/server-options.js';
import type { Route } from '../controllers/route.js';
import { RATE_LIMIT_CLASSES } from '../core/access.js';
import type { Clock } from '../core/clock.js';
import { SpooliteError } from '../core/errors.js';
import type { RequestMeter, RouteMeter } from '../metrics/request-meter.js';
import { type RequestParts, validator } from '../validation/validator.js';
import type { AccessLog } from './access-log.js';
import { beginRequest } from './begin-request.js';
import { type BodyReader, bodyReader } from './body-reader.js';
import { answerError } from './errors.js';
import { type PathMatch, PathTable } from './path-table.js';

export interface DispatcherOptions {
  accessControl: AccessControl;
  accessLog: AccessLog;
  requests: RequestMeter;
  settings: ServerSettings;
  /** Allows requests from other origins; undefined: none. */
  crossOrigin?: RequestHandler | undefined;
  clock: Clock;
  logger: Logger;
}

/** A route, prepared for calls. */
interface Endpoint {
  route: Route;
  meter: RouteMeter;
  validate(request: RequestParts): RequestParts;
  /** Undefined for a route without a body. */
  readBody: BodyReader | undefined;
}

/** The endpoints of one path. */
interface Resource {
  /** As in the route table. */
  path: string;
  /** The `Allow` header. */
  allow: string;
  endpoints: Map<string, Endpoint>;
}

const NO_QUERY = Object.freeze({});

/** `search` is the part after the question mark; undefined without one. */
const queryIn = (search: string | undefined): object =>
  search ? parse(search, '&', '=', { maxKeys: 0 }) : NO_QUERY;

/** Throws for a route without scopes or rate-limit class: neither has a safe default. */
function assertPolicy({ method, path, scopes, rateLimit }: Route): void {
  if (!Array.isArray(scopes)) throw new Error(`The route ${method} ${path} names no scopes`);
  if (rateLimit !== 'none' && !RATE_LIMIT_CLASSES.includes(rateLimit))
    throw new Error(`The route ${method} ${path} names no rate-limit class`);
}

/** The `Allow` header for these methods. */
export const allowOf = (methods: readonly string[]): string =>
  [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', ');

/**
 * Answers every endpoint in one way: match, authorize, read, validate, handle, reply. Node's http server, Express and
 * the raw transport all call it; none of them has endpoints of its own.
 */
export class Dispatcher {
  readonly #options: DispatcherOptions;
  readonly #paths = new PathTable<Resource>();

  /** Throws for a route without a policy. */
  constructor(routes: readonly Route[], options: DispatcherOptions) {
    this.#options = options;
    const byPath = new Map<string, Route[]>();
    for (const route of routes) byPath.set(route.path, [...(byPath.get(route.path) ?? []), route]);
    for (const [path, own] of byPath) this.#paths.add(path, this.#resourceOf(path, own));
  }

  /**
   * Answers the request asynchronously. Returns false, leaving it untouched, if no endpoint has its path. `target` is
   * the request's path and query.
   */
  dispatch(req: RequestHead, res: HttpResponse, target: string): boolean {
    const mark = target.indexOf('?');
    const path = mark === -1 ? target : target.slice(0, mark);
    const match = this.#match(path);
    if (match === null) return false;
    const method = req.method === 'HEAD' ? 'GET' : (req.method ?? '');
    const resource = match instanceof URIError ? undefined : match.value;
    const endpoint = resource?.endpoints.get(method);
    const { accessLog, crossOrigin, requests } = this.#options;
    beginRequest(accessLog, req, res, endpoint?.meter ?? requests.of(req.method, resource?.path));
    try {
      if (match instanceof URIError) throw match;
      if (crossOrigin && this.#isPreflight(crossOrigin, req, res)) return true;
      if (endpoint) this.#answer(endpoint, match, req, res, mark === -1 ? undefined : target.slice(mark + 1));
      else this.#answerOther(match.value, req, res);
    } catch (error) {
      this.#refuse(error, res);
    }
    return true;
  }

  /** Whether an endpoint has this path, whatever the method. */
  has(path: string): boolean {
    return this.#match(path) !== null;
  }

  #match(path: string): PathMatch<Resource> | URIError | null {
    try {
      return this.#paths.find(path);
    } catch (error) {
      return error as URIError;
    }
  }

  #answer(
    { route, validate, readBody }: Endpoint,
    { params }: PathMatch<Resource>,
    req: RequestHead,
    res: HttpResponse,
    search: string | undefined,
  ): void {
    const authorized = this.#options.accessControl.authorize(req, res, route);
    const { method, headers } = req;
    const handle = (body: unknown): Promise<void> => {
      const valid = validate({ headers, params, query: queryIn(search), body });
      return route.handle({ ...valid, method } as never, res);
    };
    const answer = () => (readBody ? readBody(req as IncomingMessage).then(handle) : handle(undefined));
    const answered = authorized ? authorized.then(answer) : answer();
    answered.catch((error: unknown) => this.#refuse(error, res));
  }

  /** Replies to OPTIONS, and to methods that the path lacks. */
  #answerOther({ allow }: Resource, req: RequestHead, res: HttpResponse): void {
    res.setHeader('Allow', allow);
    if (req.method !== 'OPTIONS')
      throw new SpooliteError(
        'METHOD_NOT_ALLOWED',
        `${req.method} is not allowed here; allowed are ${allow}`,
      );
    res.statusCode = 204;
    res.end();
  }

  /** Sets the CORS headers. True if the request was only a preflight. */
  #isPreflight(crossOrigin: RequestHandler, req: RequestHead, res: HttpResponse): boolean {
    let goesOn = false;
    crossOrigin(req as never, res as never, () => {
      goesOn = true;
    });
    return !goesOn;
  }

  #refuse(error: unknown, res: HttpResponse): void {
    answerError(error, res, this.#options.clock, this.#options.logger);
  }

  #resourceOf(path: string, routes: readonly Route[]): Resource {
    const endpoints = new Map(routes.map((route) => [route.method.toUpperCase(), this.#endpointOf(route)]));
    return { path, allow: allowOf([...endpoints.keys()]), endpoints };
  }

  #endpointOf(route: Route): Endpoint {
    assertPolicy(route);
    const { schemas = {}, bodyLimit = 'bodyLimit' } = route;
    const limit = typeof bodyLimit === 'number' ? bodyLimit : this.#options.settings[bodyLimit];
    return {
      route,
      meter: this.#options.requests.of(route.method.toUpperCase(), route.path),
      validate: validator(schemas),
      readBody: schemas.body && bodyReader(limit),
    };
  }
}
