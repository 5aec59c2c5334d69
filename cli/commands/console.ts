/** `timelatch console`: a page in the browser, served by this command on this machine. */

import { spawn } from "node:child_process";
import manifest from "../../package.json" with { type: "json" };
import { visible } from "../../shared/domain/values/visible-text.ts";
import type { WhoAmIAnswer } from "../../shared/http/contract/who-am-i.ts";
import { type ConsoleServer, startConsole } from "../console/console-server.ts";
import { launch } from "../console/launch.ts";
import { type PageFiles, pageFiles } from "../console/page-files.ts";
import { type SameCaller, sameCaller } from "../console/same-caller.ts";
import { servedTerms } from "../console/served-terms.ts";
import { sharedReads } from "../console/shared-reads.ts";
import { type TerminalDesk, terminalDesk } from "../console/terminal-desk.ts";
import type { Context } from "../context.ts";
import { Failure } from "../failures/failure.ts";
import { wrapLines } from "../terminal/text-layout.ts";

export interface ConsoleOptions {
  /** The view that the browser opens; false to print the address only. */
  readonly open?: string | false;
  readonly port?: number;
}

/** The parts that tests replace. */
export interface ConsoleSetting {
  readonly files: () => Promise<PageFiles>;
  readonly browse: (address: string) => Promise<boolean>;
  readonly idle: () => IdleEnd;
}

const SETTING: ConsoleSetting = { files: pageFiles, browse: openBrowser, idle: idleEnd };

/** Serves until Ctrl-C, an hour without a press, or the credentials of somebody else. @throws Failure */
export async function openConsole(
  context: Context,
  options: ConsoleOptions,
  setting: ConsoleSetting = SETTING,
): Promise<void> {
  demandTerminal(context);
  const signing = await context.signing();
  const changed = Promise.withResolvers<never>();
  // It matters only while the console runs.
  changed.promise.catch(() => undefined);
  const caller = await sameCaller(signing, (who) => changed.reject(anotherCaller(who)));
  const files = await setting.files();
  const idle = setting.idle();
  const door = launch();
  const desk = terminalDesk(door, context.screen.err, idle.active);
  const session = sessionOf(caller.who, signing.address);
  const forwarding = forwardingOf(context, caller, desk);
  const server = await listen(options, {
    files,
    launch: door,
    forwarding,
    session,
    active: idle.active,
  });
  const prompt = context.prompt();
  try {
    await greet(context, server.address, caller.who, options, setting);
    const end = await Promise.race([
      untilStopped(desk.sit(prompt, server.address)),
      idle.over.then(() => IDLE),
      changed.promise,
    ]);
    context.screen.err.write(`\n${end}\n`);
  } finally {
    idle.stop();
    prompt.close();
    await server.close();
  }
}

const IDLE = "Nobody used the console for an hour, so it ended.";
const STOPPED = "The console has ended. Its page covers what it showed.";

/** Ctrl-C is how it ends, and no failure. @throws Failure for any other end */
const untilStopped = (sitting: Promise<never>): Promise<string> =>
  sitting.catch((error: unknown) => {
    if (error instanceof Failure && error.code === "interrupted") return STOPPED;
    throw error;
  });

const forwardingOf = ({ now }: Context, api: SameCaller, { agreed }: TerminalDesk) => ({
  api,
  now,
  agreed,
  served: servedTerms(),
  reads: sharedReads(),
});

/** The facts that every view has in sight. */
const sessionOf = ({ person, groups, roles, identityArn }: WhoAmIAnswer, api: string) => ({
  person,
  groups,
  roles,
  identityArn,
  api,
  release: manifest.version,
});

async function listen(
  { port = 0 }: ConsoleOptions,
  parts: Parameters<typeof startConsole>[1],
): Promise<ConsoleServer> {
  try {
    return await startConsole(port, parts);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code !== "EADDRINUSE" && code !== "EACCES") throw error;
    throw new Failure(
      "usage",
      "port-taken",
      {
        what: `Port ${port} of 127.0.0.1 is ${code === "EACCES" ? "not for you to use" : "taken"}.`,
        notDone: "Nothing was done.",
        next: ["Next: name another with --port, or leave it out for any that is free."],
      },
      { cause: error },
    );
  }
}

async function greet(
  { screen }: Context,
  address: string,
  { person }: WhoAmIAnswer,
  { open }: ConsoleOptions,
  { browse }: ConsoleSetting,
): Promise<void> {
  const view = typeof open === "string" ? `#/${open}` : "";
  const opened = open !== false && (await browse(`${address}/${view}`));
  const lines = [
    `The console of ${visible(person)} is at ${address}/${view}`,
    opened || open === false ? "" : "No browser could be started: open that address yourself.",
    "It shows six digits. Type them here. It ends with Ctrl-C, and after an hour without use.",
  ];
  const text = lines.filter((line) => line !== "").join("\n");
  screen.err.write(`${wrapLines(text, screen.err.columns)}\n`);
}

/** People type digits and agree to changes there, so a pipe is no terminal. */
function demandTerminal({ screen }: Context): void {
  if (screen.interactive) return;
  throw new Failure("usage", "no-terminal", {
    what: "The console asks at the terminal whom to let in, and there is no terminal.",
    notDone: "Nothing was done.",
    next: ["Next: run timelatch console at a terminal."],
  });
}

const anotherCaller = ({ person }: WhoAmIAnswer) =>
  new Failure("refused", "another-person", {
    what: `Your AWS credentials are those of ${visible(person)} now, so the console ended.`,
    notDone: "Nothing was sent with them.",
    next: ["Next: start it again with timelatch console."],
  });

/** The end of a console that nobody uses: its token must not outlive the person's attention. */
interface IdleEnd {
  /** Somebody pressed something. */
  active(): void;
  /** Resolves when nobody has for the whole time. */
  readonly over: Promise<void>;
  stop(): void;
}

const IDLE_MS = 3_600_000;

export function idleEnd(idleMs = IDLE_MS): IdleEnd {
  let end: () => void = () => undefined;
  const over = new Promise<void>((resolve) => {
    end = resolve;
  });
  let timer = setTimeout(end, idleMs);
  return {
    over,
    active() {
      clearTimeout(timer);
      timer = setTimeout(end, idleMs);
    },
    stop: () => clearTimeout(timer),
  };
}

const OPENERS: Readonly<Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>>> = {
  darwin: ["open"],
  win32: ["rundll32", "url.dll,FileProtocolHandler"],
};

/** @returns whether a browser was asked to; the address holds no secret */
function openBrowser(address: string): Promise<boolean> {
  const [command, ...args] = OPENERS[process.platform] ?? ["xdg-open"];
  return new Promise((resolve) => {
    const child = spawn(command, [...args, address], { stdio: "ignore", detached: true });
    child.once("error", () => resolve(false));
    child.once("spawn", () => {
      // It may stay as long as the browser does.
      child.unref();
      resolve(true);
    });
  });
}
