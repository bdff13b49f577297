import type { Actor } from '../core/access.js';
import type { BulkAction, BulkCriteria, BulkPreview } from '../core/bulk.js';
import type { JsonObject } from '../core/json.js';

/** Which tasks a bulk change is about: those that match now and are no newer than `upTo`. */
export interface BulkSelection {
  action: BulkAction;
  filter: BulkCriteria;
  /** The newest task that may be met: whatever comes later was not counted. */
  upTo: number;
}

/** How far a step has come: ids up to this one were looked at; null when that were all. */
export type BulkPlace = number | null;

/** Who asked, and in which words; for the audit log. */
export interface BulkRequest {
  by: Actor;
  /** As the API has it. */
  filter: JsonObject;
  expected: number;
}

export interface BulkStep {
  selection: BulkSelection;
  /** Only tasks with greater ids. */
  after: number;
  /** Most tasks that are changed. */
  most: number;
  request?: BulkRequest | undefined;
  /** The entry of the audit log that an earlier step of this request has made. */
  auditId?: number | null;
}

/** Changes of many tasks, in steps that keep nobody waiting: by growing ids, so that each task is met once at most. */
export interface BulkRepository {
  newestId(): Promise<number>;
  /** Counts the matches among the next tasks after an id. */
  countSome(selection: BulkSelection, after: number): Promise<BulkPreview & { after: BulkPlace }>;
  /** Changes the next of them, each as if it had been asked for alone, in one transaction. */
  changeSome(step: BulkStep): Promise<{ changed: number; after: BulkPlace; auditId: number | null }>;
}
