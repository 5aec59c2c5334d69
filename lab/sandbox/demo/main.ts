/** `npm run demo`: an incident at night, played in a fresh sandbox with the real clients. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Browser } from "playwright-core";
import { runScript } from "../../command-line.ts";
import type { SandboxAddresses } from "../stack/start.ts";
import { launchChromium } from "./chromium.ts";
import { secondsText } from "./clock-text.ts";
import { consoleDesk } from "./console-desk.ts";
import { pageByCalls, pageInBrowser } from "./console-page.ts";
import { writeDemoPolicy } from "./demo-policy.ts";
import { emailMedium } from "./grant-by-email.ts";
import { slackMedium } from "./grant-in-slack.ts";
import { findClients } from "./installed-clients.ts";
import { type Narrator, narrator } from "./narrator.ts";
import { onCallDesk } from "./on-call-desk.ts";
import { DEMO_COMMAND } from "./options.ts";
import { people } from "./people.ts";
import { type CanI, type DemoReport, demoReport } from "./report.ts";
import { runClient } from "./run-client.ts";
import { type RunningSandbox, runSandbox, type SandboxVariant } from "./running-sandbox.ts";
import { CLUSTER, type Medium } from "./scene.ts";
import { slackDesk } from "./slack-desk.ts";
import { slackInBrowser } from "./slack-in-browser.ts";
import { demoSteps, type Steps } from "./steps.ts";
import { play } from "./story.ts";

const OPENING =
  "An incident at night, in a sandbox with the real clients. alice requests access to the cluster prod and bob approves. carol is on call, and later breaks glass. mallory is refused. dave audits.";

/** Exit statuses: 128 and the signal's number, as in a shell. */
const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/** Aborts on a signal; the reason's cause is the exit status. */
function interruption(): AbortSignal {
  const stopping = new AbortController();
  for (const [name, code] of Object.entries(SIGNALS))
    process.on(name, () => stopping.abort(new Error(`Interrupted by ${name}.`, { cause: code })));
  // The reader has closed the pipe (`npm run demo | head`).
  process.stdout.on("error", () =>
    stopping.abort(new Error("Standard output was closed.", { cause: 1 })),
  );
  return stopping.signal;
}

/** Rejects at once when the signal aborts. */
const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });

interface Stage {
  readonly dir: string;
  readonly sandbox: RunningSandbox;
  readonly narrator: Narrator;
  readonly steps: Steps;
  readonly signal: AbortSignal;
  /** Undefined where Slack is played without its page. */
  readonly browser: Browser | undefined;
  readonly isEmailOnly: boolean;
  readonly noteCanI: (moment: keyof CanI, answer: boolean) => void;
}

/** Waits for the sandbox, and runs all steps in it. */
async function perform(stage: Stage): Promise<void> {
  const { dir, sandbox, steps, signal } = stage;
  const began = Date.now();
  const { addresses, clients } = await steps.step(
    "sandbox",
    "A fresh sandbox starts on this machine",
    async () => {
      const [ready, found] = await Promise.all([
        Promise.race([sandbox.ready, aborted(signal)]),
        findClients(process.env["PATH"] ?? "", (program, args) =>
          runClient(program, args, { env: process.env, signal }).catch(() => undefined),
        ),
      ]);
      for (const note of found.notes) stage.narrator.note(note);
      return {
        detail: `the broker's whole stack runs, ready after ${secondsText(Date.now() - began)}`,
        value: { addresses: ready, clients: found },
      };
    },
  );
  const cast = await people({ cluster: CLUSTER, dir, addresses, clients, signal });
  const { browser } = stage;
  const openPage = browser ? pageInBrowser(browser) : pageByCalls(signal);
  await play({
    ...stage,
    people: cast,
    onCall: onCallDesk(addresses, signal),
    console: clients.script ? consoleDesk({ addresses, dir, signal, openPage }) : undefined,
    medium: mediumOf(stage, addresses),
  });
}

function mediumOf({ signal, browser, isEmailOnly }: Stage, addresses: SandboxAddresses): Medium {
  if (isEmailOnly) return emailMedium(addresses, signal);
  const slack = slackDesk(addresses, signal);
  return slackMedium(browser ? slackInBrowser(slack, browser, addresses.slackPageUrl) : slack);
}

/** Says how the demo went, and what became of its folder. */
function conclude(
  { dir, narrator: tell, signal }: Stage,
  { ok, steps }: DemoReport,
  seconds: string,
): void {
  if (ok || signal.aborted) {
    rmSync(dir, { recursive: true, force: true });
    tell.note("Everything that the demo made is removed.");
  } else tell.note(`The sandbox's folder is kept: ${dir}, with its logs in logs/`);
  const failed = steps.at(-1);
  if (ok) tell.done(`All ${steps.length} steps passed in ${seconds}.`);
  else tell.failed(`Failed after ${seconds} in ${failed?.name}: ${failed?.detail.split("\n")[0]}`);
  if (ok) tell.note("To try it yourself: npm run sandbox. The console is timelatch console there.");
}

interface RunOptions {
  /** Progress goes to stderr, and stdout gets one line of JSON at the end. */
  readonly json: boolean;
  /** Slack is played on its page. */
  readonly browser: boolean;
  /** The broker has no Slack, and writes e-mail. */
  readonly email: boolean;
  /** Sessions of Identity Center lack the users' ids, and roles trust user names. */
  readonly "without-user-ids": boolean;
}

function variantOf(options: RunOptions, folder: string): SandboxVariant {
  const { "without-user-ids": withoutUserIds, email: isEmailOnly } = options;
  return {
    options: withoutUserIds ? ["--without-user-ids"] : [],
    env: { TIMELATCH_ACCESS: writeDemoPolicy(folder, { withoutUserIds, isEmailOnly }) },
  };
}

/** Plays the demo. Answers the exit status: 0 if every step passed. */
async function run(options: RunOptions): Promise<number> {
  const browser = options.browser ? await launchChromium() : undefined;
  try {
    return await runIn(browser, options);
  } finally {
    await browser?.close();
  }
}

async function runIn(browser: Browser | undefined, options: RunOptions): Promise<number> {
  const { json, email: isEmailOnly } = options;
  const began = Date.now();
  const signal = interruption();
  const tell = narrator(json ? process.stderr : process.stdout, process.env);
  const steps = demoSteps(tell);
  let canI: CanI = { before: null, during: null, after: null };
  const noteCanI = (moment: keyof CanI, answer: boolean) => {
    canI = { ...canI, [moment]: answer };
  };
  tell.opening(OPENING);
  const dir = mkdtempSync(path.join(tmpdir(), "timelatch-demo-"));
  const policy = mkdtempSync(path.join(tmpdir(), "timelatch-demo-policy-"));
  const sandbox = runSandbox(dir, variantOf(options, policy), tell.note);
  const stage: Stage = {
    dir,
    sandbox,
    narrator: tell,
    steps,
    signal,
    browser,
    isEmailOnly,
    noteCanI,
  };
  let failure: unknown;
  try {
    await perform(stage);
  } catch (error) {
    failure = error;
  }
  tell.heading("The sandbox stops");
  await sandbox.stop();
  rmSync(policy, { recursive: true });

  const report = demoReport(steps.results, canI, failure);
  conclude(stage, report, secondsText(Date.now() - began));
  if (json) process.stdout.write(`${JSON.stringify(report)}\n`);
  if (report.ok) return 0;
  const { cause } = (signal.reason ?? {}) as { readonly cause?: unknown };
  return typeof cause === "number" ? cause : 1;
}

await runScript(DEMO_COMMAND, ({ values }) => run(values));
// Open keep-alive connections must not keep the process running.
process.stdout.write("", () => process.exit());
