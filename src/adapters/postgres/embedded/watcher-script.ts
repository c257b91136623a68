/**
 * Runs in any POSIX sh. Takes "<pid> <start time>" or "-" as $2 and then per line; only the last one counts. At the end of the
 * input the agent is gone: stop that process (fast, after 3 s immediately, after 3 s more by force) and remove the socket's
 * directory $1. The start time keeps it from hitting a process that got the same id later; a zombie counts as gone.
 */
export const WATCHER_SCRIPT = `
trap '' HUP INT QUIT TERM
pid=\${2%% *} started=\${2#* }
while read -r next_pid next_started; do pid=$next_pid started=$next_started; done
is_alive() {
  if [ -e /proc/self/stat ]; then
    { read -r stat < "/proc/$pid/stat"; } 2>/dev/null || return 1
    set -- \${stat##*) }
    [ "$1" != Z ] && [ "$1" != X ] && [ "\${20}" = "$started" ]
  else
    [ "$(ps -o lstart= -p "$pid" | sed 's/ *$//')" = "$started" ]
  fi
}
stop_with() {
  is_alive || return 0
  kill -s "$1" "$pid" 2>/dev/null
  tries=60
  while is_alive; do
    [ "$tries" -gt 0 ] || return 1
    tries=$((tries - 1))
    sleep 0.05
  done
}
if [ "$pid" != - ]; then stop_with INT || stop_with QUIT || stop_with KILL; fi
rm -f -- "$1"/.s.PGSQL.*
rmdir -- "$1" 2>/dev/null
`;
