/** A console on the loopback interface, with an API of the test and somebody who types. */
import { request } from "node:http";
import { text } from "node:stream/consumers";
import { type ConsoleOptions, idleEnd, openConsole } from "../../../cli/commands/console.ts";
import type { PageFiles } from "../../../cli/console/page-files.ts";
import { PAGE_PATHS } from "../../../cli/console/routes.ts";
import { fakeTerminal, typist } from "../fake-terminal.ts";
import {
  ACCESS_KEY,
  type LoopbackApi,
  loopbackApi,
  type Script,
  SECRET_KEY,
  SESSION_TOKEN,
} from "../loopback-api.ts";

export const WHO = {
  person: "bob",
  groups: ["payments-leads"],
  roles: [],
  identityArn: "arn:aws:sts::111122223333:assumed-role/bob/bob",
};

/** Stands for the page: the server does not look into it. */
export const FILES = Object.fromEntries(
  PAGE_PATHS.map((path) => [path, { type: "text/plain", content: Buffer.from(`file ${path}`) }]),
) as unknown as PageFiles;

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
}

export interface Knock {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A call with just these headers, and the right Host unless they name another. */
export function knock(port: number, { method = "GET", path, headers = {}, body }: Knock) {
  return new Promise<Answer>((resolve, reject) => {
    const call = request({
      host: "127.0.0.1",
      port,
      method,
      path,
      setHost: false,
      agent: false,
      headers: {
        host: `127.0.0.1:${port}`,
        ...(body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) }),
        ...headers,
      },
    });
    call.once("error", reject);
    call.once("upgrade", () => reject(new Error("It was upgraded.")));
    call.once("response", (response) => {
      text(response).then(
        (said) =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: said }),
        reject,
      );
    });
    call.end(body);
  });
}

export interface RunningConsole {
  readonly port: number;
  readonly api: LoopbackApi;
  readonly keys: { accessKeyId: string };
  /** Headers of the page that was let in, as its browser sends them. */
  readonly page: () => Readonly<Record<string, string>>;
  /** Asks for digits as a page does. Resolves with the digits, and later with how it ended. */
  readonly launch: () => Promise<{ digits: string; last: Promise<Record<string, string>> }>;
  readonly person: ReturnType<typeof typist>;
  /** The text on standard error. */
  readonly err: () => string;
  /** Ends with what the command ended with. */
  readonly ended: Promise<unknown>;
  readonly close: () => Promise<void>;
}

interface Setting extends ConsoleOptions {
  readonly idleMs?: number;
}

/** @param script what the API answers, besides whoami of its first caller */
export async function runConsole(script: Script, setting: Setting = {}): Promise<RunningConsole> {
  const { idleMs, ...options } = setting;
  const api = await loopbackApi((call, count) =>
    count === 1 ? { body: WHO } : script(call, count),
  );
  const keys = {
    accessKeyId: ACCESS_KEY,
    secretAccessKey: SECRET_KEY,
    sessionToken: SESSION_TOKEN,
  };
  const person = typist();
  const terminal = fakeTerminal({
    interactive: true,
    columns: 200,
    prompt: person.prompt,
    signing: {
      address: api.address,
      identity: { region: "us-west-2", credentials: async () => ({ ...keys }) },
    },
  });
  const ended = openConsole(
    terminal.context,
    { open: false, ...options },
    {
      files: async () => FILES,
      browse: async () => false,
      idle: () => idleEnd(idleMs),
    },
  ).then(
    () => undefined,
    (error: unknown) => error,
  );
  await Promise.race([person.press("Digits that the page at", ""), ended]);
  const port = Number(/127\.0\.0\.1:(\d+)/.exec(terminal.err())?.[1]);
  let token = "";
  const own = { origin: `http://127.0.0.1:${port}`, "sec-fetch-site": "same-origin" };
  return {
    port,
    api,
    keys,
    person,
    ended,
    err: terminal.err,
    page: () => ({ ...own, "x-timelatch-console": token }),
    launch: async () => {
      const { digits, last } = await askForDigits(port, own);
      const heard = last.then((said) => {
        if (said["token"] !== undefined) token = said["token"];
        return said;
      });
      // A console that ends cuts it off, which not every test waits for.
      heard.catch(() => undefined);
      return { digits, last: heard };
    },
    async close() {
      person.prompt.close();
      await ended;
      await api.close();
    },
  };
}

/** Reads the answer line by line, as it comes. */
function askForDigits(port: number, headers: Readonly<Record<string, string>>) {
  return new Promise<{ digits: string; last: Promise<Record<string, string>> }>(
    (resolve, reject) => {
      const call = request({
        host: "127.0.0.1",
        port,
        method: "POST",
        path: "/launch",
        agent: false,
        headers: { ...headers },
      });
      call.once("error", reject);
      call.once("response", (response) => {
        response.setEncoding("utf8").once("data", (line: string) => {
          const last = text(response).then((rest) => JSON.parse(rest) as Record<string, string>);
          last.catch(() => undefined);
          resolve({ digits: String(JSON.parse(line).digits ?? ""), last });
        });
      });
      call.end();
    },
  );
}

/** Opens a page and types its digits. */
export async function letIn(console: RunningConsole): Promise<void> {
  const { digits, last } = await console.launch();
  console.person.press("", `${digits}\r`);
  await last;
}
