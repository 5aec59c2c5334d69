/**
 * Ends the sandbox's processes when the sandbox itself was killed and could not: a small shell
 * that outlives it, reads process ids from a pipe, and at the pipe's end kills those that are left.
 */
import { spawn } from "node:child_process";

export interface Reaper {
  watch(pid: number): void;
  /** The process has ended by itself; its id may soon be another's. */
  forget(pid: number): void;
  /** Kills what is still watched, and ends the reaper. */
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
  // Detached, so that a signal to the sandbox's whole group (Ctrl-C) does not end it first.
  const shell = spawn("sh", ["-c", SCRIPT], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  shell.unref();
  // Its end is not ours: without it, only a killed sandbox leaves something behind.
  shell.on("error", () => {});
  shell.stdin.on("error", () => {});
  return {
    watch: (pid) => void shell.stdin.write(`watch ${pid}\n`),
    forget: (pid) => void shell.stdin.write(`forget ${pid}\n`),
    close: () => void shell.stdin.end(),
  };
}
