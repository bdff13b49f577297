import { Route, Switch } from 'wouter';
import { Health } from './health/health.js';
import { NewTaskScreen } from './new-task/new-task.js';
import { useAgeSamples } from './overview/age-samples.js';
import { Overview } from './overview/overview.js';
import { usePermissions } from './session/session.js';
import { RequireScopes, SessionGate } from './session/session-gate.js';
import { Header } from './shell/header.js';
import { NotFound } from './shell/page-heading.js';
import { TaskScreen } from './task/task.js';
import { Tasks } from './tasks/tasks.js';

/** Effects on every screen. */
function Watch() {
  useAgeSamples();
  return null;
}

/** The screen of the current path. */
function Screens() {
  const { may } = usePermissions();
  return (
    <main className="shell-main" id="main">
      {may('read') && <Watch />}
      <Switch>
        <Route path="/">
          <RequireScopes needed={['read']}>
            <Overview />
          </RequireScopes>
        </Route>
        <Route path="/tasks">
          <RequireScopes needed={['read']}>
            <Tasks />
          </RequireScopes>
        </Route>
        <Route path="/tasks/:id">
          {({ id }) =>
            /^[1-9]\d*$/.test(id) ? (
              <RequireScopes needed={['read']}>
                <TaskScreen key={id} />
              </RequireScopes>
            ) : (
              <NotFound />
            )
          }
        </Route>
        <Route path="/new">
          <RequireScopes needed={['enqueue']}>
            <NewTaskScreen />
          </RequireScopes>
        </Route>
        <Route path="/health">
          <RequireScopes needed={['admin']}>
            <Health />
          </RequireScopes>
        </Route>
        <Route component={NotFound} />
      </Switch>
    </main>
  );
}

/** The page: its frame and the current screen, behind the session gate. */
export function App() {
  const { name } = usePermissions();
  return (
    <>
      <a className="skip-link" href="#main">
        Skip to content
      </a>
      <Header />
      <SessionGate>
        {/* No state of one key remains for the next. */}
        <Screens key={name} />
      </SessionGate>
    </>
  );
}
