CREATE TABLE `lanes` (
	`id` integer PRIMARY KEY NOT NULL,
	`type` text NOT NULL,
	`priority` integer NOT NULL,
	`compatibility` text NOT NULL,
	`due` integer NOT NULL,
	CONSTRAINT "lanes_due" CHECK("lanes"."due" >= 0)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `lanes_key` ON `lanes` (`type`,`priority`,`compatibility`);--> statement-breakpoint
CREATE INDEX `lanes_due` ON `lanes` (`priority`,`id`) WHERE due > 0;--> statement-breakpoint
CREATE TABLE `minute_counts` (
	`minute` integer PRIMARY KEY NOT NULL,
	`enqueued` integer DEFAULT 0 NOT NULL,
	`started` integer DEFAULT 0 NOT NULL,
	`completed` integer DEFAULT 0 NOT NULL,
	`failed` integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE `minute_durations` (
	`minute` integer NOT NULL,
	`kind` text NOT NULL,
	`bucket` integer NOT NULL,
	`count` integer NOT NULL,
	PRIMARY KEY(`minute`, `kind`, `bucket`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `queue_state` (
	`id` integer PRIMARY KEY NOT NULL,
	`revision` integer DEFAULT 0 NOT NULL,
	`queued` integer DEFAULT 0 NOT NULL,
	`processing` integer DEFAULT 0 NOT NULL,
	`completed` integer DEFAULT 0 NOT NULL,
	`failed` integer DEFAULT 0 NOT NULL,
	CONSTRAINT "queue_state_single" CHECK("queue_state"."id" = 1),
	CONSTRAINT "queue_state_counts" CHECK("queue_state"."queued" >= 0 and "queue_state"."processing" >= 0 and "queue_state"."completed" >= 0 and "queue_state"."failed" >= 0)
);
--> statement-breakpoint
CREATE TABLE `task_logs` (
	`id` integer NOT NULL,
	`task_id` integer NOT NULL,
	`at` integer NOT NULL,
	`level` text NOT NULL,
	`message` text NOT NULL,
	`details` text,
	`attempt` integer NOT NULL,
	PRIMARY KEY(`task_id`, `level`, `id`),
	FOREIGN KEY (`task_id`) REFERENCES `tasks`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "task_logs_level" CHECK("task_logs"."level" in ('debug', 'info', 'warning', 'error'))
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `tasks` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`type` text NOT NULL,
	`status` text NOT NULL,
	`due` integer,
	`priority` integer NOT NULL,
	`attempts` integer DEFAULT 0 NOT NULL,
	`max_attempts` integer NOT NULL,
	`payload` text NOT NULL,
	`compatibility` text NOT NULL,
	`progress` real,
	`progress_message` text,
	`result` text,
	`error_message` text,
	`failure_reason` text,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`run_after` integer NOT NULL,
	`processing_started_at` integer,
	`finished_at` integer,
	`lease_until` integer,
	`lease_ms` integer,
	`lease_token` text,
	`locked_by` text,
	`settled_token` text,
	`settled_as` text,
	`idempotency_key` text,
	`request_digest` text,
	`revision` integer NOT NULL,
	CONSTRAINT "tasks_status" CHECK("tasks"."status" in ('queued', 'processing', 'completed', 'failed')),
	CONSTRAINT "tasks_due" CHECK(("tasks"."status" = 'queued') = ("tasks"."due" is not null) and ("tasks"."due" is null or "tasks"."due" in (0, 1))),
	CONSTRAINT "tasks_type" CHECK(length("tasks"."type") between 1 and 200),
	CONSTRAINT "tasks_priority" CHECK("tasks"."priority" between 1 and 1000),
	CONSTRAINT "tasks_max_attempts" CHECK("tasks"."max_attempts" between 1 and 10),
	CONSTRAINT "tasks_attempts" CHECK("tasks"."attempts" between 0 and "tasks"."max_attempts"),
	CONSTRAINT "tasks_progress" CHECK("tasks"."progress" is null or "tasks"."progress" between 0 and 100),
	CONSTRAINT "tasks_owned" CHECK(("tasks"."status" = 'processing') = ("tasks"."lease_token" is not null) and ("tasks"."lease_token" is null) = ("tasks"."lease_until" is null)
        and ("tasks"."lease_token" is null) = ("tasks"."lease_ms" is null) and ("tasks"."lease_token" is null or "tasks"."locked_by" is not null)),
	CONSTRAINT "tasks_finished" CHECK(("tasks"."status" in ('completed', 'failed')) = ("tasks"."finished_at" is not null)),
	CONSTRAINT "tasks_failed" CHECK(("tasks"."status" = 'failed') = ("tasks"."failure_reason" is not null)),
	CONSTRAINT "tasks_failure_reason" CHECK("tasks"."failure_reason" is null or "tasks"."failure_reason" in ('error', 'cancelled', 'timeout', 'lease_expired', 'rejected', 'no_handler'))
);
--> statement-breakpoint
CREATE INDEX `tasks_lane` ON `tasks` (`type`,`priority`,`compatibility`,`id`) WHERE due = 1;--> statement-breakpoint
CREATE INDEX `tasks_scheduled` ON `tasks` (`run_after`) WHERE due = 0;--> statement-breakpoint
CREATE INDEX `tasks_lease` ON `tasks` (`lease_until`) WHERE lease_until is not null;--> statement-breakpoint
CREATE INDEX `tasks_finished` ON `tasks` (`status`,`finished_at`) WHERE finished_at is not null;--> statement-breakpoint
CREATE INDEX `tasks_status_id` ON `tasks` (`status`,`id`);--> statement-breakpoint
CREATE INDEX `tasks_type_status_id` ON `tasks` (`type`,`status`,`id`);--> statement-breakpoint
CREATE UNIQUE INDEX `tasks_revision` ON `tasks` (`revision`);--> statement-breakpoint
CREATE UNIQUE INDEX `tasks_idempotency_key` ON `tasks` (`idempotency_key`) WHERE idempotency_key is not null;--> statement-breakpoint
CREATE TABLE `type_counts` (
	`type` text PRIMARY KEY NOT NULL,
	`queued` integer DEFAULT 0 NOT NULL,
	`processing` integer DEFAULT 0 NOT NULL,
	`completed` integer DEFAULT 0 NOT NULL,
	`failed` integer DEFAULT 0 NOT NULL,
	`wait_ms` real,
	`run_ms` real
);
--> statement-breakpoint
CREATE TABLE `workers` (
	`id` text PRIMARY KEY NOT NULL,
	`host` text,
	`pid` integer,
	`version` text,
	`types` text,
	`capabilities` text NOT NULL,
	`slots` integer NOT NULL,
	`started_at` integer NOT NULL,
	`last_heartbeat` integer NOT NULL,
	`stale_ms` integer NOT NULL
);
