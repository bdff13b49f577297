/** Groups of operations, in the order in which they are shown. */
export const TAGS = {
  tasks: 'Enqueue tasks, ask how they are going, cancel and retry them.',
  changes: 'What has changed since: as a feed to poll, or as server-sent events.',
  workers: 'For workers in any language: claim tasks, say that they live, report how they ended.',
  statistics: 'The queue in numbers.',
  operating: 'For operators of the server.',
} as const;

export type Tag = keyof typeof TAGS;
