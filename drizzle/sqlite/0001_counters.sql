-- Counters are kept by the database itself, in the transaction of the change they count.
INSERT INTO `queue_state` (`id`) VALUES (1);
--> statement-breakpoint
CREATE TRIGGER `tasks_counted_on_insert` AFTER INSERT ON `tasks` BEGIN
  UPDATE `queue_state` SET
    `queued` = `queued` + (new.`status` = 'queued'),
    `processing` = `processing` + (new.`status` = 'processing'),
    `completed` = `completed` + (new.`status` = 'completed'),
    `failed` = `failed` + (new.`status` = 'failed')
  WHERE `id` = 1;
  INSERT INTO `type_counts` (`type`, `queued`, `processing`, `completed`, `failed`)
  VALUES (new.`type`, new.`status` = 'queued', new.`status` = 'processing', new.`status` = 'completed', new.`status` = 'failed')
  ON CONFLICT (`type`) DO UPDATE SET
    `queued` = `queued` + excluded.`queued`,
    `processing` = `processing` + excluded.`processing`,
    `completed` = `completed` + excluded.`completed`,
    `failed` = `failed` + excluded.`failed`;
END;
--> statement-breakpoint
CREATE TRIGGER `tasks_counted_on_status` AFTER UPDATE OF `status` ON `tasks` WHEN new.`status` <> old.`status` BEGIN
  UPDATE `queue_state` SET
    `queued` = `queued` + (new.`status` = 'queued') - (old.`status` = 'queued'),
    `processing` = `processing` + (new.`status` = 'processing') - (old.`status` = 'processing'),
    `completed` = `completed` + (new.`status` = 'completed') - (old.`status` = 'completed'),
    `failed` = `failed` + (new.`status` = 'failed') - (old.`status` = 'failed')
  WHERE `id` = 1;
  UPDATE `type_counts` SET
    `queued` = `queued` + (new.`status` = 'queued') - (old.`status` = 'queued'),
    `processing` = `processing` + (new.`status` = 'processing') - (old.`status` = 'processing'),
    `completed` = `completed` + (new.`status` = 'completed') - (old.`status` = 'completed'),
    `failed` = `failed` + (new.`status` = 'failed') - (old.`status` = 'failed'),
    `wait_ms` = CASE WHEN new.`status` = 'processing'
      THEN coalesce(`wait_ms` + (max(new.`processing_started_at` - new.`run_after`, 0) - `wait_ms`) / 8, max(new.`processing_started_at` - new.`run_after`, 0))
      ELSE `wait_ms` END,
    `run_ms` = CASE WHEN new.`status` = 'completed'
      THEN coalesce(`run_ms` + (max(new.`finished_at` - new.`processing_started_at`, 0) - `run_ms`) / 8, max(new.`finished_at` - new.`processing_started_at`, 0))
      ELSE `run_ms` END
  WHERE `type` = new.`type`;
END;
--> statement-breakpoint
CREATE TRIGGER `tasks_counted_on_delete` AFTER DELETE ON `tasks` BEGIN
  UPDATE `queue_state` SET
    `queued` = `queued` - (old.`status` = 'queued'),
    `processing` = `processing` - (old.`status` = 'processing'),
    `completed` = `completed` - (old.`status` = 'completed'),
    `failed` = `failed` - (old.`status` = 'failed')
  WHERE `id` = 1;
  UPDATE `type_counts` SET
    `queued` = `queued` - (old.`status` = 'queued'),
    `processing` = `processing` - (old.`status` = 'processing'),
    `completed` = `completed` - (old.`status` = 'completed'),
    `failed` = `failed` - (old.`status` = 'failed')
  WHERE `type` = old.`type`;
END;
--> statement-breakpoint
-- A lane is made when its first task falls due. Update first: nearly always the lane is there.
CREATE TRIGGER `tasks_due_on_insert` AFTER INSERT ON `tasks` WHEN new.`due` = 1 BEGIN
  UPDATE `lanes` SET `due` = `due` + 1
  WHERE `type` = new.`type` AND `priority` = new.`priority` AND `compatibility` = new.`compatibility`;
  INSERT INTO `lanes` (`type`, `priority`, `compatibility`, `due`)
  SELECT new.`type`, new.`priority`, new.`compatibility`, 1 WHERE changes() = 0;
END;
--> statement-breakpoint
CREATE TRIGGER `tasks_fell_due` AFTER UPDATE OF `due` ON `tasks` WHEN new.`due` = 1 AND old.`due` IS NOT 1 BEGIN
  UPDATE `lanes` SET `due` = `due` + 1
  WHERE `type` = new.`type` AND `priority` = new.`priority` AND `compatibility` = new.`compatibility`;
  INSERT INTO `lanes` (`type`, `priority`, `compatibility`, `due`)
  SELECT new.`type`, new.`priority`, new.`compatibility`, 1 WHERE changes() = 0;
END;
--> statement-breakpoint
CREATE TRIGGER `tasks_no_longer_due` AFTER UPDATE OF `due` ON `tasks` WHEN new.`due` IS NOT 1 AND old.`due` = 1 BEGIN
  UPDATE `lanes` SET `due` = `due` - 1
  WHERE `type` = old.`type` AND `priority` = old.`priority` AND `compatibility` = old.`compatibility`;
END;
--> statement-breakpoint
CREATE TRIGGER `tasks_due_on_delete` AFTER DELETE ON `tasks` WHEN old.`due` = 1 BEGIN
  UPDATE `lanes` SET `due` = `due` - 1
  WHERE `type` = old.`type` AND `priority` = old.`priority` AND `compatibility` = old.`compatibility`;
END;
