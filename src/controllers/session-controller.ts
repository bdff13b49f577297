import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../domain/clock.js';
import type { Access } from './access/access.js';
import type { Gate } from './access/gate.js';
import { isSecure } from './access/is-secure.js';
import type { KeyRing } from './access/key-ring.js';
import { endedSessionCookie, type Sessions } from './access/session.js';
import { sendJson } from './send-json.js';

/** What a page needs to know of who it is signed in as; `null` is for nobody. */
const sessionResource = (access: Access | null, isOpen: boolean) => ({
  key_required: !isOpen,
  name: access?.key?.name ?? null,
  scopes: access?.scopes ?? [],
  sees_payloads: access?.seesPayloads ?? false,
});

interface SessionParts {
  ring: KeyRing;
  gate: Gate;
  sessions: Sessions;
  clock: Clock;
}

/** Signs browsers in: they get a cookie for a key, which no script can read. */
export class SessionController {
  readonly #ring: KeyRing;
  readonly #gate: Gate;
  readonly #sessions: Sessions;
  readonly #clock: Clock;

  constructor({ ring, gate, sessions, clock }: SessionParts) {
    this.#ring = ring;
    this.#gate = gate;
    this.#sessions = sessions;
    this.#clock = clock;
  }

  read = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    this.#send(res, this.#gate.whoIs(req));
  };

  begin = async (req: IncomingMessage & { body: { key: string } }, res: ServerResponse): Promise<void> => {
    const access = this.#gate.accessWithToken(req.body.key, req);
    if (access.key)
      res.setHeader('Set-Cookie', this.#sessions.cookieFor(access.key, this.#clock.now(), isSecure(req)));
    this.#send(res, access);
  };

  end = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    res.setHeader('Set-Cookie', endedSessionCookie(isSecure(req)));
    res.statusCode = 204;
    res.end();
  };

  #send(res: ServerResponse, access: Access | null): void {
    sendJson(res, 200, JSON.stringify(sessionResource(access, this.#ring.isOpen)));
  }
}
