import { useEffect, useEffectEvent } from 'react';
import { liveUpdates, type News } from './live-updates.js';

/** Calls the function whenever something has changed, about once a second at most. */
export function useNews(listener: (news: News) => void): void {
  const hear = useEffectEvent(listener);
  useEffect(() => liveUpdates.onNews((news) => hear(news)), []);
}
