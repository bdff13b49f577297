import { Route, Switch } from 'wouter';
import { Health } from './health/health.js';
import { NewTask } from './new-task/new-task.js';
import { Overview } from './overview/overview.js';
import { useAgeSamples } from './overview/use-age-samples.js';
import { ForScopes } from './session/for-scopes.js';
import { SessionGate } from './session/session-gate.js';
import { useAccess } from './session/use-session.js';
import { Header } from './shell/header.js';
import { NotFound } from './shell/not-found.js';
import { Task } from './task/task.js';
import { Tasks } from './tasks/tasks.js';

/** What runs on every screen. */
function Watch() {
  useAgeSamples();
  return null;
}

/** The screen that the address names. */
function Screens() {
  const { may } = useAccess();
  return (
    <main className="shell-main" id="main">
      {may('read') && <Watch />}
      <Switch>
        <Route path="/">
          <ForScopes needed={['read']}>
            <Overview />
          </ForScopes>
        </Route>
        <Route path="/tasks">
          <ForScopes needed={['read']}>
            <Tasks />
          </ForScopes>
        </Route>
        <Route path="/tasks/:id">
          {({ id }) =>
            /^[1-9]\d*$/.test(id) ? (
              <ForScopes needed={['read']}>
                <Task key={id} />
              </ForScopes>
            ) : (
              <NotFound />
            )
          }
        </Route>
        <Route path="/new">
          <ForScopes needed={['enqueue']}>
            <NewTask />
          </ForScopes>
        </Route>
        <Route path="/health">
          <ForScopes needed={['admin']}>
            <Health />
          </ForScopes>
        </Route>
        <Route component={NotFound} />
      </Switch>
    </main>
  );
}

/** The page: its frame, and the screen that the address names, for who is let in. */
export function App() {
  const { name } = useAccess();
  return (
    <>
      <a className="skip-link" href="#main">
        Skip to content
      </a>
      <Header />
      <SessionGate>
        {/* Nothing of what one key has seen is left for the next. */}
        <Screens key={name} />
      </SessionGate>
    </>
  );
}
