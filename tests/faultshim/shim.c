/* Faults of one process's clock and disk, for tests: preloaded (LD_PRELOAD) into a part.

   $LABOURWATCH_FAULT_CONTROLS is a folder of files of two 64-bit numbers; a process obeys the one
   whose name stands in its command line: nanoseconds added to its CLOCK_REALTIME, microseconds
   that each forced or plain write of a regular file takes longer. A test changes them while the
   process runs. Without a file nothing changes. */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

struct control { volatile int64_t ahead_ns; volatile int64_t slower_us; };

static const struct control nothing = {0, 0};
static const struct control *control = &nothing;
static const int64_t SECOND = 1000000000;
static const time_t NO_UPTIME = 1000000000; /* larger: a time of day, not one since the start */

__attribute__((constructor)) static void find_control(void) {
  char line[16384] = {0};
  const char *folder = getenv("LABOURWATCH_FAULT_CONTROLS");
  int file = open("/proc/self/cmdline", O_RDONLY | O_CLOEXEC);
  if (!folder || file < 0) return;
  ssize_t size = read(file, line, sizeof line - 1);
  close(file);
  for (ssize_t i = 0; i < size; i++) if (!line[i]) line[i] = ' ';
  DIR *names = opendir(folder);
  struct dirent *entry;
  while (names && (entry = readdir(names))) {
    char path[4096];
    if (entry->d_name[0] == '.' || !strstr(line, entry->d_name)) continue;
    snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    void *page = fd < 0 ? MAP_FAILED : mmap(NULL, sizeof nothing, PROT_READ, MAP_SHARED, fd, 0);
    if (fd >= 0) close(fd);
    if (page != MAP_FAILED) control = page;
  }
  if (names) closedir(names);
}

static void add(struct timespec *at, int64_t ns) {
  int64_t whole = (int64_t)at->tv_nsec + ns % SECOND;
  at->tv_sec += ns / SECOND + (whole < 0 ? -1 : whole / SECOND);
  at->tv_nsec = whole < 0 ? whole + SECOND : whole % SECOND;
}

int clock_gettime(clockid_t clock, struct timespec *at) {
  static int (*real)(clockid_t, struct timespec *);
  if (!real) real = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
  int failed = real(clock, at);
  if (!failed && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) add(at, control->ahead_ns);
  return failed;
}

int gettimeofday(struct timeval *restrict at, void *restrict zone) {
  struct timespec now;
  (void)zone;
  if (clock_gettime(CLOCK_REALTIME, &now)) return -1;
  at->tv_sec = now.tv_sec;
  at->tv_usec = now.tv_nsec / 1000;
  return 0;
}

time_t time(time_t *out) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (out) *out = now.tv_sec;
  return now.tv_sec;
}

/* The kernel knows nothing of our clock: a wait until a time of day lasts as long as it was meant. */
int pthread_cond_timedwait(pthread_cond_t *restrict cond, pthread_mutex_t *restrict mutex,
                           const struct timespec *restrict until) {
  static int (*real)(pthread_cond_t *, pthread_mutex_t *, const struct timespec *);
  struct timespec at = *until;
  if (!real)
    real = (int (*)(pthread_cond_t *, pthread_mutex_t *, const struct timespec *))dlvsym(
        RTLD_NEXT, "pthread_cond_timedwait", "GLIBC_2.3.2");
  if (at.tv_sec > NO_UPTIME) add(&at, -control->ahead_ns);
  return real(cond, mutex, &at);
}

static void linger(int fd) {
  struct stat about;
  int64_t us = control->slower_us;
  if (us <= 0 || fstat(fd, &about) || !S_ISREG(about.st_mode)) return;
  struct timespec rest = {us / 1000000, (us % 1000000) * 1000};
  nanosleep(&rest, NULL);
}

#define SLOW(kind, name, parameters, arguments)                                \
  kind name parameters {                                                       \
    static kind(*real) parameters;                                             \
    if (!real) real = (kind(*) parameters)dlsym(RTLD_NEXT, #name);             \
    linger(fd);                                                                \
    return real arguments;                                                     \
  }

SLOW(int, fsync, (int fd), (fd))
SLOW(int, fdatasync, (int fd), (fd))
SLOW(ssize_t, write, (int fd, const void *data, size_t size), (fd, data, size))
SLOW(ssize_t, pwrite64, (int fd, const void *data, size_t size, off64_t at), (fd, data, size, at))
SLOW(ssize_t, pwrite, (int fd, const void *data, size_t size, off_t at), (fd, data, size, at))
SLOW(ssize_t, writev, (int fd, const struct iovec *data, int count), (fd, data, count))
SLOW(ssize_t, pwritev, (int fd, const struct iovec *data, int count, off_t at), (fd, data, count, at))
SLOW(ssize_t, pwritev64, (int fd, const struct iovec *data, int count, off64_t at), (fd, data, count, at))
