/**
 * The sandbox's ports, chosen once and kept in its folder, `--fresh` or not. Profiles, kubeconfigs
 * and queue URLs in other terminals contain them.
 */
import { randomInt } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import type { Server as HttpServer } from "node:http";
import { createServer, type Server } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import type { Lifetime } from "./lifetime.ts";

/** By name: `aws`, `api`, `dynamodb`, `kubernetes-prod`. */
export type NetworkPorts = Readonly<Record<string, number>>;

/** Listens on the loopback interface; 0 chooses a free port. Rejects with `EADDRINUSE`. */
export function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      server.off("error", reject);
      const address = server.address();
      resolve(typeof address === "object" && address ? address.port : port);
    });
  });
}

/** Listens until the lifetime ends, which also cuts the connections. */
export async function serve(life: Lifetime, server: HttpServer, port: number): Promise<void> {
  await listen(server, port);
  life.endsWith(() => {
    server.close();
    server.closeAllConnections();
  });
}

/**
 * The range of ports: below those that Linux and macOS give to outgoing connections. One of theirs
 * may be in use again before the sandbox listens on it.
 */
const LOWEST = 20_000;
const HIGHEST = 32_767;
/** Each process begins elsewhere, so that two that start at once rarely choose the same. */
let next = randomInt(LOWEST, HIGHEST + 1);

/** A port that nothing listens on now. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = next;
    next = port === HIGHEST ? LOWEST : port + 1;
    if (await isFree(port)) return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    await listen(server, port);
  } catch {
    return false;
  }
  await new Promise((closed) => server.close(closed));
  return true;
}

/** The processes of a killed sandbox need a moment until they have ended. */
const PATIENCE_MS = 5_000;

async function becomesFree(port: number, patienceMs: number): Promise<boolean> {
  for (const end = Date.now() + patienceMs; ; await pause(100)) {
    if (await isFree(port)) return true;
    if (Date.now() > end) return false;
  }
}

const stored = (file: string): NetworkPorts => {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as NetworkPorts;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw new Error(
      `${file} cannot be read: ${(error as Error).message}. Nothing was started. Delete the file to choose new ports.`,
    );
  }
};

/**
 * The ports of `names`, from `file` where it has them. Throws where another program listens on one of
 * them, naming the port and what to do.
 *
 * @param patienceMs how long to wait for a port to become free
 */
export async function choosePorts<const Name extends string>(
  file: string,
  names: readonly Name[],
  patienceMs = PATIENCE_MS,
): Promise<Readonly<Record<Name, number>>> {
  const before = stored(file);
  const ports: Record<string, number> = {};
  for (const name of names) {
    const kept = before[name];
    if (kept !== undefined && !(await becomesFree(kept, patienceMs)))
      throw new Error(
        `Port ${kept}, which the sandbox used for ${name} before, is taken by another program. Nothing was started. ` +
          `See which with: ss -ltnp 'sport = :${kept}' (Linux) or lsof -i :${kept} (macOS), and end it; or delete ${file} to choose new ports, and start with --fresh.`,
      );
    let port = kept ?? (await freePort());
    while (Object.values(ports).includes(port)) port = await freePort();
    ports[name] = port;
  }
  writeFileSync(file, `${JSON.stringify({ ...before, ...ports }, null, 2)}\n`);
  return ports as Readonly<Record<Name, number>>;
}
