import { Link, useLocation } from 'wouter';
import icon from '../icon.svg';
import { ConnectionLost, ConnectionNote } from './connection-note.js';
import { ThemeSwitch } from './theme-switch.js';

const SCREENS = [
  { href: '/', name: 'Overview' },
  { href: '/tasks', name: 'Tasks' },
  { href: '/new', name: 'New task' },
  { href: '/health', name: 'Health' },
];

/** `true` for the screen above the one that is shown. */
function currentOf(href: string, path: string): 'page' | 'true' | undefined {
  if (path === href) return 'page';
  return path.startsWith(`${href}/`) ? 'true' : undefined;
}

export function Header() {
  const [path] = useLocation();
  return (
    <>
      <header className="shell-header">
        <div className="shell-bar">
          <Link href="/" className="brand">
            <img src={icon} alt="" />
            Spoolite
          </Link>
          <nav className="shell-nav" aria-label="Screens">
            {SCREENS.map(({ href, name }) => (
              <Link key={href} href={href} aria-current={currentOf(href, path)}>
                {name}
              </Link>
            ))}
            <a href="/docs">API</a>
          </nav>
          <div className="shell-tools">
            <ConnectionNote />
            <ThemeSwitch />
          </div>
        </div>
      </header>
      <ConnectionLost />
    </>
  );
}
