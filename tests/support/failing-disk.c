/*
 * Preloaded into a program, fails the syncs of files whose names end with "-wal" for as long as there is a file named by
 * FAILING_SYNC. What that file holds is how often: "1" fails once and removes it, anything else fails until it is removed.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int is_log(int descriptor) {
  char link[64], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  ssize_t length = readlink(link, path, sizeof path - 1);
  return length >= 4 && memcmp(path + length - 4, "-wal", 4) == 0;
}

static int must_fail(int descriptor) {
  const char *trigger = getenv("FAILING_SYNC");
  if (trigger == NULL || !is_log(descriptor)) return 0;
  int file = open(trigger, O_RDONLY);
  if (file < 0) return 0;
  char often = 0;
  if (read(file, &often, 1) < 0) often = 0;
  close(file);
  if (often == '1') unlink(trigger);
  errno = EIO;
  return 1;
}

int fsync(int descriptor) {
  static int (*real)(int);
  if (!real) real = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
  return must_fail(descriptor) ? -1 : real(descriptor);
}

int fdatasync(int descriptor) {
  static int (*real)(int);
  if (!real) real = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
  return must_fail(descriptor) ? -1 : real(descriptor);
}
