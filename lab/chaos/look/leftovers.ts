/** Traces that a sandbox may leave behind: processes, open ports, and files. */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import net from "node:net";
import path from "node:path";

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

function processes(): readonly Process[] {
  const listed = execFileSync("ps", ["-eo", "pid=,ppid=,args="], { encoding: "utf8" });
  return listed.split("\n").flatMap((line) => {
    const [, pid, parent, command = ""] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return pid === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), command }];
  });
}

/** All that a process started, and what that started. */
export function descendantsOf(pid: number): readonly Process[] {
  const all = processes();
  const under = (parent: number): readonly Process[] =>
    all.filter((one) => one.parent === parent).flatMap((one) => [one, ...under(one.pid)]);
  return under(pid);
}

const isAlive = ({ pid, command }: Process, now: readonly Process[]) =>
  now.some((one) => one.pid === pid && one.command === command);

const isListening = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = net.connect({ port, host: "127.0.0.1" });
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });

/** @param dir the sandbox's folder @returns the ports that it chose, by name */
export const portsIn = (dir: string): Readonly<Record<string, number>> =>
  JSON.parse(readFileSync(path.join(dir, "ports.json"), "utf8"));

/**
 * @param started the processes that the sandbox had started
 * @param temporary a folder only for the sandbox's temporary files
 */
export async function leftoversOf(
  started: readonly Process[],
  ports: Readonly<Record<string, number>>,
  temporary: string,
): Promise<readonly string[]> {
  const now = processes();
  const open = await Promise.all(
    Object.entries(ports).map(async ([name, port]) =>
      (await isListening(port)) ? [`Port ${port} (${name}) is still listened on.`] : [],
    ),
  );
  return [
    ...started
      .filter((one) => isAlive(one, now))
      .map(({ pid, command }) => `Process ${pid} still runs: ${command.slice(0, 120)}`),
    ...open.flat(),
    ...readdirSync(temporary).map((file) => `The file ${file} is left in the temporary folder.`),
  ];
}
