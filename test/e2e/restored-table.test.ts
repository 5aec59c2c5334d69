/** The runbook's page on restored tables, played from its own commands: by an operator whose sandbox has a wrong ledger. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { newFolder } from "./abuse-sandbox.ts";
import { commandFolder } from "./bundled-command.ts";
import { deploymentFolder } from "./deployment-folder.ts";
import { playDocument } from "./documents/play.ts";
import { BEFORE_RESTORING, RESTORING } from "./documents/restore-script.ts";
import { FUNCTIONS } from "./documents/scripts.ts";
import { openShell, type Shell } from "./documents/shell.ts";
import { type SandboxProcess, startSandboxProcess } from "./sandbox-process.ts";
import { lendTwenty, OF_THE_SAMPLE } from "./twenty-grants.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
/** A deployment by the CDK command is among them. */
const LIMIT_MS = 6 * 60_000;

let sandbox: SandboxProcess;
let shell: Shell;
beforeAll(async () => {
  const dir = newFolder();
  sandbox = await startSandboxProcess(["--dir", dir, "--minute-seconds", "2"]);
  const at = deploymentFolder(sandbox);
  at.policy(parse(readFileSync(path.join(ROOT, "access.yaml"), "utf8")));
  shell = openShell(at.folder);
  await shell.run(`. ${dir}/env; SANDBOX=${dir} PATH=${commandFolder()}:$PATH`);
  await shell.run(FUNCTIONS);
}, LIMIT_MS);
afterAll(async () => {
  await shell?.close();
  await sandbox?.stop();
});

/** Runs what has to succeed. @returns what it printed */
async function ran(command: string): Promise<string> {
  const { status, printed } = await shell.run(command);
  expect({ command, status, printed }).toEqual({ command, status: 0, printed });
  return printed.trim();
}

/**
 * Waits until INSTANT is this number of seconds ago. DynamoDB restores to nothing that is closer.
 */
const past = (seconds: number) =>
  `until [[ "$(date -ud -${seconds}second +%FT%TZ)" > "$INSTANT" ]]; do sleep 0.2; done`;

const ALICE =
  "--cluster-name prod --principal-arn arn:aws:iam::111122223333:role/timelatch/people/timelatch-person-alice";
/** Fails while alice has an access entry on prod. */
const noEntry = `(become admin; ! aws eks describe-access-entry ${ALICE})`;

/** Prints how many policies are on it. */
const policies = `(become admin; aws eks list-associated-access-policies ${ALICE} --query 'length(associatedAccessPolicies)')`;

describe("The runbook's page on restored tables", () => {
  it(
    "Its commands restore a ledger to before 20 grants that are lent, and have the broker take it",
    async () => {
      await ran(BEFORE_RESTORING);
      const lent = await lendTwenty(sandbox, "1h", OF_THE_SAMPLE);
      expect(await playDocument(RESTORING, shell)).toEqual([]);
      expect(await lent.lentOn()).toEqual([]);
      await lent.ended();
    },
    LIMIT_MS,
  );

  it("The restored table has an earlier ledger of her entry than the stack's own, which stays", async () => {
    const [restored, own] = [await ran("revision $LEDGER-restored"), await ran("revision $LEDGER")];
    expect(Number(restored)).toBeGreaterThan(0);
    expect(Number(own)).toBeGreaterThan(Number(restored));
  });

  it("Nothing of the grant is left, and she is lent the same again at once, and only until its end", async () => {
    await ran(noEntry);
    await ran("lend; give_back; until_state ended");
    await ran(noEntry);
    expect(sandbox.log().includes("ledger behind")).toBe(false);
  });

  it("On an entry that the restored ledger never knew, access is lent and ends", async () => {
    await ran(
      "asked alice --cluster staging --policy view --cluster-scope --duration 10m; until_state active",
    );
    await ran("give_back; until_state ended");
  });

  it("The doctor names each thing that somebody takes from the table, and its commands give it back", async () => {
    await ran("become admin");
    for (const taken of [
      "aws dynamodb update-continuous-backups --table-name $LEDGER-restored --point-in-time-recovery-specification PointInTimeRecoveryEnabled=false",
      "aws dynamodb update-table --table-name $LEDGER-restored --no-deletion-protection-enabled",
      "aws dynamodb update-time-to-live --table-name $LEDGER-restored --time-to-live-specification Enabled=false,AttributeName=ttl",
      "aws dynamodb untag-resource --resource-arn arn:aws:dynamodb:us-west-2:111122223333:table/$LEDGER-restored --tag-keys team",
    ])
      await ran(taken);
    const { status, printed } = await shell.run("timelatch doctor --restored --json 2>&-");
    expect(status).toBe(13);
    const lacks = (
      JSON.parse(printed) as {
        findings: { ok: boolean; says: string; next: string }[];
      }
    ).findings.filter(({ ok }) => !ok);
    expect(lacks.map(({ says }) => says)).toEqual([
      "has no time to live",
      "has no point-in-time recovery: nothing that is written now can be restored",
      "has no deletion protection",
      "lacks the tags team",
    ]);
    for (const { next } of lacks) await ran(next);
    await ran("timelatch doctor --restored");
  });

  it(
    "A ledger that is restored without a drain, to before a grant, has the grant's access removed",
    async () => {
      await ran(`INSTANT=$(date -ud +1second +%FT%TZ); ${past(0)}; lend`);
      expect(await ran(policies)).toBe("1");
      await ran(`${past(4)}; become admin`);
      await ran(
        `aws dynamodb restore-table-to-point-in-time --source-table-name $LEDGER-restored --target-table-name $LEDGER-again --restore-date-time $INSTANT`,
      );
      await ran(
        `until [ "$(aws dynamodb describe-table --table-name $LEDGER-again --query Table.TableStatus --output text)" = ACTIVE ]; do sleep 0.5; done`,
      );
      await ran("timelatch restore --table ledger=$LEDGER-again");
      await ran("sed -i s/-restored$/-again/ timelatch.config.yaml; timelatch deploy --yes");
      await expect.poll(() => sandbox.log().includes("ledger behind")).toBe(true);
      await expect.poll(() => ran(policies), { interval: 1_000 }).toBe("0");
    },
    LIMIT_MS,
  );
});
