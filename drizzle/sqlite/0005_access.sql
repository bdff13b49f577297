CREATE TABLE `api_keys` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`name` text NOT NULL,
	`hash` text NOT NULL,
	`scopes` text NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer,
	`revoked_at` integer,
	`last_used_at` integer,
	`version` integer NOT NULL,
	CONSTRAINT "api_keys_name" CHECK(length("api_keys"."name") between 1 and 100)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `api_keys_name` ON `api_keys` (`name`);--> statement-breakpoint
CREATE UNIQUE INDEX `api_keys_hash` ON `api_keys` (`hash`);--> statement-breakpoint
CREATE UNIQUE INDEX `api_keys_version` ON `api_keys` (`version`);--> statement-breakpoint
CREATE TABLE `audit_entries` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`at` integer NOT NULL,
	`actor` text NOT NULL,
	`address` text,
	`request_id` text,
	`action` text NOT NULL,
	`task_id` integer,
	`outcome` text NOT NULL,
	`details` text
);
--> statement-breakpoint
CREATE INDEX `audit_entries_task` ON `audit_entries` (`task_id`,`id`) WHERE task_id is not null;--> statement-breakpoint
CREATE TABLE `duration_totals` (
	`kind` text NOT NULL,
	`bucket` integer NOT NULL,
	`count` integer NOT NULL,
	PRIMARY KEY(`kind`, `bucket`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `totals` (
	`name` text PRIMARY KEY NOT NULL,
	`count` real NOT NULL
) WITHOUT ROWID;
--> statement-breakpoint
ALTER TABLE `tasks` ADD `traceparent` text;