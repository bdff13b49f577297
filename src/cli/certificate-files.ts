import type { AppOptions } from '../app.js';
import { type Config, flagOf, variableOf } from '../config.js';
import { StartupError } from '../domain/startup-error.js';

/** Where certificate and key are; undefined where there are none. Throws `StartupError` where there is but one. */
export function certificateFiles({ tlsCert, tlsKey }: Config): AppOptions['tls'] {
  if (tlsCert !== undefined && tlsKey !== undefined) return { cert: tlsCert, key: tlsKey };
  if (tlsCert === undefined && tlsKey === undefined) return undefined;
  const [set, unset] = tlsKey === undefined ? ['tlsCert', 'tlsKey'] : ['tlsKey', 'tlsCert'];
  throw new StartupError(
    `${flagOf(set)} (${variableOf(set)}) needs ${flagOf(unset)} (${variableOf(unset)}) beside it: https takes both.`,
  );
}
