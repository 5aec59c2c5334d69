/** The picture of an audit report in the docs: a sandbox's day, as the auditor's browser shows it. */
import { writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { launchChromium } from "../../lab/sandbox/demo/chromium.ts";
import { type SandboxSession, startSandboxSession } from "./sandbox-session.ts";

/** The file, from the root. */
export const REPORT_PICTURE = "docs/audit-report.png";

const ROOT = path.resolve(import.meta.dirname, "../..");
const WINDOW = { width: 1_000, height: 1_180 };
const PATIENCE_MS = 120_000;
const LOOK_MS = 1_000;

const REQUEST = "timelatch request --yes --json --cluster prod";
const VIEW = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy";
const CAROL = "arn:aws:iam::111122223333:role/timelatch/people/timelatch-person-carol";

/** Plays what the report is about, and writes the picture. @throws Error where a command fails */
export async function takeReportPicture(): Promise<void> {
  const [sandbox, browser] = await Promise.all([startSandboxSession(), launchChromium()]);
  const folder = await mkdtemp(path.join(tmpdir(), "timelatch-report-"));
  try {
    await playADay(sandbox);
    const file = path.join(folder, "report.html");
    const day = new Date().toISOString().slice(0, "2026-11-24".length);
    writeFileSync(file, await run(sandbox, "dave", `${report(day)} --format html`));
    const page = await browser.newPage({ viewport: WINDOW, colorScheme: "light" });
    await page.goto(`file://${file}`);
    await page.screenshot({ path: path.join(ROOT, REPORT_PICTURE) });
  } finally {
    await browser.close();
    await sandbox.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

const report = (day: string) => `timelatch audit report --from ${day}`;

/** Two grants, a denial, a request that nobody decides, and a change around Timelatch. */
async function playADay(sandbox: SandboxSession): Promise<void> {
  const [api, jobs, worker] = await Promise.all(
    ["payments-api", "payments-jobs", "payments-worker"].map((namespace) =>
      ask(sandbox, namespace),
    ),
  );
  await run(sandbox, "bob", `timelatch approve ${api} --yes --note "Go ahead"`);
  await run(sandbox, "bob", `timelatch approve ${jobs} --yes`);
  await run(sandbox, "bob", `timelatch deny ${worker} --yes --note "Ask the owner"`);
  await until(sandbox, "dave", `timelatch show ${api} --json | grep -q '"state": "active"'`);
  await run(sandbox, "alice", `timelatch return ${api} --yes --wait`);
  await run(
    sandbox,
    "admin",
    `aws eks associate-access-policy --cluster-name prod --principal-arn ${CAROL} --policy-arn ${VIEW} --access-scope type=namespace,namespaces=kube-system`,
  );
  await until(sandbox, "dave", "timelatch findings | grep -q carol");
  await until(sandbox, "dave", `! timelatch show ${api} --json | grep -q '"state": "unconfirmed"'`);
}

/** @returns the id of a request by alice */
async function ask(sandbox: SandboxSession, namespace: string): Promise<string> {
  const terms = `--policy AmazonEKSEditPolicy --namespace ${namespace} --duration 5m`;
  const answer = await run(
    sandbox,
    "alice",
    `${REQUEST} ${terms} --reason "INC-4711 stuck rollout"`,
  );
  return (JSON.parse(answer) as { readonly id: string }).id;
}

async function run(sandbox: SandboxSession, person: string, command: string): Promise<string> {
  const { code, text } = await sandbox.outcome(command, person);
  if (code !== 0) throw new Error(`${command} failed. No picture was taken:\n${text}`);
  return text;
}

async function until(sandbox: SandboxSession, person: string, command: string): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  while (!(await sandbox.succeeds(command, person))) {
    if (Date.now() > end)
      throw new Error(`Did not succeed within ${PATIENCE_MS / 1_000} s: ${command}`);
    await pause(LOOK_MS);
  }
}
