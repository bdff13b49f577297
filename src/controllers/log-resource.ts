import { formatInstant } from '../domain/instant.js';
import type { StoredLogEntry } from '../repositories/log-repository.js';

/** A log entry of the API, as JSON text; its details are stored as JSON text and pass through unparsed. */
export const logEntryJson = ({ id, at, level, message, details, attempt }: StoredLogEntry): string =>
  `{"log_id":${id},"at_utc":"${formatInstant(at)}","level":"${level}","message":${JSON.stringify(message)},` +
  `"details":${details},"attempt":${attempt}}`;
