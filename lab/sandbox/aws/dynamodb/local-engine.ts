import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import http from "node:http";
import { createRequire } from "node:module";
import net from "node:net";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";

/** DynamoDB Local, AWS's own engine, running beside the sandbox. */
export interface LocalEngine {
  readonly url: string;
  readonly port: number;
  /** Stops it by SIGTERM, which loses nothing, and waits until it has ended. */
  readonly stop: () => Promise<void>;
}

export interface LocalEngineOptions {
  /** A free TCP port; the engine listens on every interface and has no setting for that. */
  readonly port: number;
  /** The folder of the tables; absent for in memory. Made if it does not exist. */
  readonly directory?: string;
  /** Each access key has tables of its own. Otherwise all of them share the tables. */
  readonly separates?: boolean;
}

const START_MILLISECONDS = 120_000;

/**
 * Runs Java as a child and ends it by SIGTERM as soon as standard input ends. The input is a pipe
 * from this process, so it ends when this process dies in any way. The terminal's Ctrl-C is this
 * process's to act on: the engine must outlive the functions that still write.
 */
const WRAPPER = `
trap '' INT HUP
exec 3<&0
java "$@" </dev/null 3<&- &
child=$!
( while read -r _ <&3; do :; done; kill -TERM "$child" ) 2>/dev/null &
watcher=$!
exec 3<&-
wait "$child"
status=$?
kill "$watcher" 2>/dev/null
exit "$status"
`;

/**
 * Starts DynamoDB Local and resolves once it answers.
 * @throws Error that says what to install where there is no Java 17, or that the port is taken.
 */
export async function startLocalEngine(options: LocalEngineOptions): Promise<LocalEngine> {
  await refuseTakenPort(options.port);
  const emulator = path.join(
    path.dirname(createRequire(import.meta.url).resolve("amplify-dynamodb-simulator/package.json")),
    "emulator",
  );
  const child = spawn("sh", ["-c", WRAPPER, "dynamodb-local", ...javaWords(options)], {
    cwd: emulator,
    stdio: ["pipe", "pipe", "pipe"],
  });
  const log = lastOutput(child);
  const gone = new Promise<void>((done) => {
    child.once("close", () => done());
    child.once("error", () => done());
  });
  const engine: LocalEngine = {
    url: `http://127.0.0.1:${options.port}`,
    port: options.port,
    stop: async () => {
      child.stdin.end();
      await gone;
    },
  };
  for (const end = Date.now() + START_MILLISECONDS; Date.now() < end; await pause(25)) {
    if (child.exitCode !== null || child.signalCode !== null) throw await failure(log, child, gone);
    if (await answers(engine.url)) return engine;
  }
  await engine.stop();
  throw new Error(
    `DynamoDB Local did not answer within ${START_MILLISECONDS / 1000} seconds and was stopped. Its output:\n${log()}`,
  );
}

function javaWords({ port, directory, separates = false }: LocalEngineOptions): readonly string[] {
  if (directory !== undefined) mkdirSync(directory, { recursive: true });
  const storage = directory === undefined ? ["-inMemory"] : ["-dbPath", path.resolve(directory)];
  return [
    ...["-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"],
    ...["-Djava.library.path=./DynamoDBLocal_lib", "-jar", "DynamoDBLocal.jar"],
    ...storage,
    ...(separates ? [] : ["-sharedDb"]),
    ...["-disableTelemetry", "-port", String(port)],
  ];
}

/**
 * The URL of an engine that separates access keys, with the access key of this folder. A folder that is emptied
 * gets another one, and so empty tables.
 */
export function sharedEngineUrl(url: string, directory: string): string {
  const file = path.join(directory, "access-key");
  mkdirSync(directory, { recursive: true });
  if (!existsSync(file)) writeFileSync(file, randomUUID().replaceAll("-", ""));
  return url.replace("://", `://${readFileSync(file, "utf8")}@`);
}

async function refuseTakenPort(port: number): Promise<void> {
  const probe = net.createServer();
  await new Promise<void>((done, refuse) => {
    probe.once("error", (error) =>
      refuse(
        new Error(
          `DynamoDB Local was not started: port ${port} cannot be listened on (${error.message}). End what uses it, or choose another port.`,
        ),
      ),
    );
    probe.listen(port, () => probe.close(() => done()));
  });
}

function answers(url: string): Promise<boolean> {
  return new Promise((done) => {
    const request = http.get(url, { agent: false, timeout: 1000 }, (response) => {
      response.resume();
      done(true);
    });
    request.once("error", () => done(false));
    request.once("timeout", () => request.destroy());
  });
}

/** The last few thousand characters of what a process writes. */
function lastOutput(child: ChildProcess): () => string {
  let text = "";
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (chunk: Buffer) => {
      text = (text + chunk.toString("utf8")).slice(-4000);
    });
  return () => text.trim();
}

async function failure(
  log: () => string,
  child: ChildProcess,
  gone: Promise<void>,
): Promise<Error> {
  await gone;
  const withoutJava =
    child.exitCode === 127 || /UnsupportedClassVersionError|Java Runtime|jdk/i.test(log());
  if (!withoutJava)
    return new Error(`DynamoDB Local ended while it started. Its output:\n${log()}`);
  return new Error(
    [
      "DynamoDB Local was not started: it needs Java 17 or newer, and there is none on the PATH.",
      "  Debian, Ubuntu:  apt-get install -y --no-install-recommends default-jre-headless",
      "  macOS:           brew install openjdk",
      "  Windows:         winget install EclipseAdoptium.Temurin.21.JRE",
      ...(log() === "" ? [] : [`Its output: ${log().split("\n")[0]}`]),
    ].join("\n"),
  );
}
