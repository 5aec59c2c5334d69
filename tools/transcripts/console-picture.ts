/** The picture of the console in the docs: bob looks at what alice asks for, beside what she holds. */
import type { ChildProcess } from "node:child_process";
import path from "node:path";
import { launchChromium } from "../../lab/sandbox/demo/chromium.ts";
import { type SandboxSession, startSandboxSession } from "./sandbox-session.ts";

/** The file, from the root. */
export const CONSOLE_PICTURE = "docs/console.png";

const ROOT = path.resolve(import.meta.dirname, "../..");
const WINDOW = { width: 1_100, height: 780 };
const REQUEST = 'timelatch request --yes --json --cluster prod --reason "INC-4711 stuck rollout"';

/** Plays it, and writes the picture. @throws Error where a command fails */
export async function takeConsolePicture(): Promise<void> {
  const [sandbox, browser] = await Promise.all([startSandboxSession(), launchChromium()]);
  try {
    const first = await ask(sandbox, "--policy AmazonEKSEditPolicy --namespace payments-api");
    await run(sandbox, "bob", `timelatch approve ${first} --yes`);
    const second = await ask(
      sandbox,
      "--policy AmazonEKSEditPolicy --namespace payments-web --namespace payments-jobs --duration 4h",
    );
    const terminal = sandbox.terminal("timelatch console --no-open", "bob");
    const [, address = ""] = await said(terminal, /(http:\/\/127\.0\.0\.1:\d+)\//);
    const page = await browser.newPage({ viewport: WINDOW, colorScheme: "light" });
    await page.goto(`${address}/#/requests/${second}`);
    terminal.stdin?.write(`${await page.getByText(/^\d{6}$/).textContent()}\r`);
    await page.getByText(/^AmazonEKSEditPolicy in payments-api, until/).waitFor();
    await page.screenshot({ path: path.join(ROOT, CONSOLE_PICTURE) });
    terminal.stdin?.write("\u0003");
  } finally {
    await browser.close();
    await sandbox.stop();
  }
}

/** @returns the id of a request by alice */
async function ask(sandbox: SandboxSession, terms: string): Promise<string> {
  return (JSON.parse(await run(sandbox, "alice", `${REQUEST} ${terms}`)) as { id: string }).id;
}

async function run(sandbox: SandboxSession, person: string, command: string): Promise<string> {
  const { code, text } = await sandbox.outcome(command, person);
  if (code !== 0) throw new Error(`${command} failed. No picture was taken:\n${text}`);
  return text;
}

/** Waits until the terminal shows a text. */
function said(terminal: ChildProcess, wanted: RegExp): Promise<RegExpExecArray> {
  let text = "";
  return new Promise((resolve, reject) => {
    terminal.stdout?.setEncoding("utf8").on("data", (part: string) => {
      text += part;
      const found = wanted.exec(text);
      if (found) resolve(found);
    });
    terminal.once("close", () => reject(new Error(`It never said ${wanted}:\n${text}`)));
  });
}
