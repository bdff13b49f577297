import { defineConfig } from 'vite';

/** Builds the dashboard into the package, for the program to serve: nothing inline, as its policy forbids that. */
export default defineConfig({
  root: 'src/dashboard',
  // The page may be served under any path.
  base: './',
  build: {
    outDir: '../../dist/dashboard',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: {
      onLog(level, log, tell) {
        // Libraries mark files for servers that render; nothing is rendered on this one.
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') tell(level, log);
      },
    },
  },
  worker: { format: 'es' },
});
