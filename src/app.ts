/** The composition root: what is put together in `app/`, for commands and for the library. Nothing else builds the objects. */

export { type App, createApp } from './app/create-app.js';
export { createQueue, type OpenQueue } from './app/create-queue.js';
export { createWorker, type StandaloneWorker, type StandaloneWorkerOptions } from './app/create-worker.js';
export * from './app/file-tools.js';
export { workerOptionsOf } from './app/known-options.js';
export type { AppOptions, StartOptions, StorageOptions } from './app/options.js';
