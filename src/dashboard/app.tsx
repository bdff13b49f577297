import { Route, Switch } from 'wouter';
import { Health } from './health/health.js';
import { NewTask } from './new-task/new-task.js';
import { Overview } from './overview/overview.js';
import { useAgeSamples } from './overview/use-age-samples.js';
import { Header } from './shell/header.js';
import { NotFound } from './shell/not-found.js';
import { Task } from './task/task.js';
import { Tasks } from './tasks/tasks.js';

/** The page: its frame, and the screen that the address names. */
export function App() {
  useAgeSamples();
  return (
    <>
      <a className="skip-link" href="#main">
        Skip to content
      </a>
      <Header />
      <main className="shell-main" id="main">
        <Switch>
          <Route path="/" component={Overview} />
          <Route path="/tasks" component={Tasks} />
          <Route path="/tasks/:id">{({ id }) => <Task key={id} />}</Route>
          <Route path="/new" component={NewTask} />
          <Route path="/health" component={Health} />
          <Route component={NotFound} />
        </Switch>
      </main>
    </>
  );
}
