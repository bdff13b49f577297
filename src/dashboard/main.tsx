import './styles/index.css';
import { QueryClientProvider } from '@tanstack/react-query';
import { createRoot } from 'react-dom/client';
import { Router } from 'wouter';
import { followSession, queryClient } from './api/query-client.js';
import { App } from './app.js';
import { BASE } from './base.js';
import { liveUpdates } from './live/live-updates.js';
import { applyTheme, storedTheme } from './shell/theme.js';

applyTheme(storedTheme());
liveUpdates.start();
followSession();
createRoot(document.getElementById('root') as HTMLElement).render(
  <QueryClientProvider client={queryClient}>
    <Router base={BASE}>
      <App />
    </Router>
  </QueryClientProvider>,
);
