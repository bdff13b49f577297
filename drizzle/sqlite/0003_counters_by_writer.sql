-- The counters are written by the writer now, once for a transaction instead of once for a row.
DROP TRIGGER `tasks_counted_on_insert`;
--> statement-breakpoint
DROP TRIGGER `tasks_counted_on_status`;
--> statement-breakpoint
DROP TRIGGER `tasks_counted_on_delete`;
--> statement-breakpoint
DROP TRIGGER `tasks_due_on_insert`;
--> statement-breakpoint
DROP TRIGGER `tasks_fell_due`;
--> statement-breakpoint
DROP TRIGGER `tasks_no_longer_due`;
--> statement-breakpoint
DROP TRIGGER `tasks_due_on_delete`;
