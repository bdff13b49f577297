import { Link, useLocation } from 'wouter';
import type { Scope } from '../../client/index.js';
import { BASE } from '../base.js';
import icon from '../icon.svg';
import { useConnectionState } from '../live/live-updates.js';
import { usePermissions, useSessionState } from '../session/session.js';
import { SignedIn } from '../session/sign-in.js';
import { ThemeSwitch } from './theme.js';

interface Screen {
  href: string;
  name: string;
  /** The scope that the screen requires. */
  needs: Scope;
}

const SCREENS: readonly Screen[] = [
  { href: '/', name: 'Overview', needs: 'read' },
  { href: '/tasks', name: 'Tasks', needs: 'read' },
  { href: '/new', name: 'New task', needs: 'enqueue' },
  { href: '/health', name: 'Health', needs: 'admin' },
];

/** `true` for the parent of the current screen. */
function currentOf(href: string, path: string): 'page' | 'true' | undefined {
  if (path === href) return 'page';
  return path.startsWith(`${href}/`) ? 'true' : undefined;
}

export function Header() {
  const [path] = useLocation();
  const { may } = usePermissions();
  const isIn = useSessionState().kind === 'in';
  return (
    <>
      <header className="shell-header">
        <div className="shell-bar">
          <Link href="/" className="brand">
            <img src={icon} alt="" />
            Spoolite
          </Link>
          <nav className="shell-nav" aria-label="Main">
            {SCREENS.filter(({ needs }) => may(needs)).map(({ href, name }) => (
              <Link key={href} href={href} aria-current={currentOf(href, path)}>
                {name}
              </Link>
            ))}
            <a href={`${BASE}/docs`}>API</a>
          </nav>
          <div className="shell-tools">
            {may('read') && <ConnectionNote />}
            {isIn && <SignedIn />}
            <ThemeSwitch />
          </div>
        </div>
      </header>
      <ConnectionLost />
    </>
  );
}

const WORDS = { connecting: 'Connecting', live: 'Live', lost: 'Disconnected' };

/** Whether the data is live. */
export function ConnectionNote() {
  const state = useConnectionState();
  return (
    <span className="connection" data-state={state} role="status">
      {WORDS[state]}
    </span>
  );
}

/** A banner that the data may be out of date. */
export function ConnectionLost() {
  if (useConnectionState() !== 'lost') return null;
  return (
    <p className="connection-lost" role="alert">
      The server is not responding. The data shown may be out of date. Reconnecting…
    </p>
  );
}
