DROP INDEX `lanes_due_of_type`;--> statement-breakpoint
ALTER TABLE `lanes` ADD `requirement` text DEFAULT '' NOT NULL;--> statement-breakpoint
-- Of one requirement that is no array, the text without its braces is the requirement. Other lanes keep the default: claims look at them all.
UPDATE `lanes` SET `requirement` = substr(`compatibility`, 2, length(`compatibility`) - 2)
WHERE length(`compatibility`) <= 100
  AND (SELECT count(*) = 1 AND min(type NOT IN ('null', 'array')) FROM json_each(`compatibility`));--> statement-breakpoint
CREATE INDEX `lanes_due_requirement` ON `lanes` (`requirement`,`type`) WHERE due > 0;
