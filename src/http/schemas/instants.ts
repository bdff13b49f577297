import type { CustomHelpers } from 'joi';
import { parseInstant } from '../../domain/instant.js';
import { Schema } from './schema.js';

/** An RFC 3339 date-time; becomes milliseconds since 1970 UTC. */
export const instant = () =>
  Schema.string()
    .custom((value: string, { error }: CustomHelpers) => parseInstant(value) ?? error('instant.base'))
    .meta({ schema: { format: 'date-time' } });
