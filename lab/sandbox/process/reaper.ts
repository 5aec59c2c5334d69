/**
 * Kills the sandbox's processes if the sandbox itself is killed. A small shell outlives it and
 * reads process ids from a pipe. When the pipe closes, it kills those that are left.
 */
import { spawn } from "node:child_process";

export interface Reaper {
  watch(pid: number): void;
  /** The process has ended; the system may reuse its id. */
  forget(pid: number): void;
  /** Kills what is still watched, and stops the reaper. */
  close(): void;
}

const SCRIPT = `
pids=" "
while read -r what pid; do
  case $what in
    watch) pids="$pids$pid " ;;
    forget) case $pids in *" $pid "*) pids="\${pids%%" $pid "*} \${pids#*" $pid "}" ;; esac ;;
  esac
done
for pid in $pids; do kill -9 "$pid"; done
`;

export function startReaper(): Reaper {
  // Detached, so that Ctrl-C, which signals the whole process group, does not end it first.
  const shell = spawn("sh", ["-c", SCRIPT], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  shell.unref();
  // The sandbox runs without it too; only a killed one then leaves processes running.
  shell.on("error", () => {});
  shell.stdin.on("error", () => {});
  return {
    watch: (pid) => void shell.stdin.write(`watch ${pid}\n`),
    forget: (pid) => void shell.stdin.write(`forget ${pid}\n`),
    close: () => void shell.stdin.end(),
  };
}
