import { useSyncExternalStore } from 'react';

const dark = matchMedia('(prefers-color-scheme: dark)');

function subscribe(listener: () => void): () => void {
  const observer = new MutationObserver(listener);
  observer.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  dark.addEventListener('change', listener);
  return () => {
    observer.disconnect();
    dark.removeEventListener('change', listener);
  };
}

const current = (): string => document.documentElement.dataset.theme ?? (dark.matches ? 'dark' : 'light');

/** `dark` or `light`, for what style sheets cannot colour. */
export const useColorScheme = (): string => useSyncExternalStore(subscribe, current);
