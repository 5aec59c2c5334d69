/** `timelatch policy suggest`, on archives of grants with summaries of what was done. */
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ALICE } from "../../../lab/fakes/builders.ts";
import { memoryBroker } from "../../../lab/fakes/memory-broker.ts";
import { nextEvidence } from "../../../shared/domain/evidence/evidence-chain.ts";
import { parseAccessPolicy } from "../../../shared/policy-file/parse-access-policy.ts";
import { done, summary } from "../../shared/policy-tools/suggest/used-grants.ts";
import { editedSample, type PolicyFolder, policyFolder, SAMPLE } from "./policy-folder.ts";

let folder: PolicyFolder;
beforeAll(() => {
  folder = policyFolder();
});
afterAll(() => folder.remove());

const ASK = { durationSeconds: 3_600, reason: "PAY-1 stuck rollout", principalArn: ALICE };
const WITH_ROLE = editedSample([
  "groups: [payments]\n",
  `groups: [payments]\n    principals: ["${ALICE}"]\n`,
]);

/** Seven grants of Edit. In some of them alice only looked. */
async function played(changing: number) {
  const policy = parseAccessPolicy(WITH_ROLE);
  const broker = memoryBroker({ policy });
  const records: object[] = [];
  for (let turn = 0; turn < 7; turn += 1) {
    const grant = await broker.activeGrant(ASK);
    await broker.convergeAtEnd(grant);
    await broker.settle(120);
    const { id } = grant;
    const counts = [done("get pods"), ...(turn < changing ? [done("delete pods")] : [])];
    const draft = {
      type: "activity",
      requestId: id,
      at: broker.clock.now(),
      details: summary(counts),
    } as const;
    records.push({ chain: `EVID#${id}`, record: nextEvidence(undefined, draft) });
  }
  const events = broker.tables.events.map((record) => ({
    chain: `AUDIT#${record.requestId}`,
    record,
  }));
  return [...events, ...records].map((record) => JSON.stringify(record));
}

let archives = 0;
function archive(lines: readonly string[]): string {
  archives += 1;
  const dir = path.join(path.dirname(folder.write("marker", "")), `archive-${archives}`);
  mkdirSync(dir);
  writeFileSync(path.join(dir, "0001.ndjson"), lines.map((line) => `${line}\n`).join(""));
  return dir;
}

const suggested = async (dir: string, ...more: readonly string[]) => {
  const file = folder.write("access.yaml", SAMPLE);
  return folder.policy("suggest", file, "--archive", dir, ...more);
};

describe("timelatch policy suggest", () => {
  it("It says what would have sufficed, for each rule, and why it is silent on others", async () => {
    const { code, out, err } = await suggested(archive(await played(1)));
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toMatchInlineSnapshot(`
      "payments-edit: 7 grants, asked 2026-11-24 to 2026-11-24 UTC; 7 used, 0 unused
        AmazonEKSViewPolicy would have sufficed in 6 of 7 grants of AmazonEKSEditPolicy. The rule lends it already.

      payments-admin: 0 grants
        Nothing is suggested: 5 grants that were used are the least that say anything.

      view-staging: 0 grants
        Nothing is suggested: 5 grants that were used are the least that say anything.

      staging-rbac-admins: 0 grants
        Nothing is suggested: only the cluster knows what its groups may do.

      view-legacy: 0 grants
        Nothing is suggested: 5 grants that were used are the least that say anything.

      staging-edit: 0 grants
        Nothing is suggested: only the cluster knows what its groups may do.

      break-glass: 0 grants
        Nothing is suggested for break-glass: nobody knows beforehand what an emergency needs.

      payments-break-glass: 0 grants
        Nothing is suggested for break-glass: nobody knows beforehand what an emergency needs.

      The policy stays as it is.
      "
    `);
  });

  it("Its patch is one that git applies, and the answer says what changes", async () => {
    const dir = archive(await played(0));
    const { out } = await suggested(dir, "--rule", "payments-edit");
    expect(out).toMatchInlineSnapshot(`
      "payments-edit: 7 grants, asked 2026-11-24 to 2026-11-24 UTC; 7 used, 0 unused
        No grant needed AmazonEKSEditPolicy; 7 grants had it. The patch takes it out.
        The rule then permits 168 kinds of request of AWS's table, in place of 372.

      This is what was done in those grants. It does not say what people will need.
      Save the patch, read it, and apply it with git apply. A deployment asks the policy's tests first.

      --- a/access.yaml
      +++ b/access.yaml
      @@ -71,9 +71,9 @@
       rules:
         - name: payments-edit
           who: { groups: [payments] }
           clusters: [prod]
      -    access: { policies: [AmazonEKSEditPolicy, AmazonEKSViewPolicy], namespaces: ["payments-*"] }
      +    access: { policies: [AmazonEKSViewPolicy], namespaces: ["payments-*"] }
           duration: { max: 4h, default: 1h }
           # Active access may be extended twice, and lasts 8h in all. Each extension has its own approval.
           extend: { times: 2, total: 8h, approval: same }
           approval: [{ groups: [payments-leads], count: 1 }]
      "
    `);
    const root = path.dirname(dir);
    writeFileSync(path.join(root, "less.patch"), out);
    execFileSync("git", ["apply", "less.patch"], {
      cwd: root,
      env: { ...process.env, GIT_CEILING_DIRECTORIES: path.dirname(root) },
    });
    const applied = readFileSync(path.join(root, "access.yaml"), "utf8");
    expect(parseAccessPolicy(applied).rules[0]?.access).toMatchObject({
      policies: ["AmazonEKSViewPolicy"],
    });
    expect(applied.split("\n")).toHaveLength(SAMPLE.split("\n").length);
  });

  it("Where nothing less would have done, it does not say that all of it was needed", async () => {
    const lines = await played(7);
    const whole = await suggested(archive(lines), "--rule", "payments-edit");
    expect(whole.out).toMatchInlineSnapshot(`
      "payments-edit: 7 grants, asked 2026-11-24 to 2026-11-24 UTC; 7 used, 0 unused
        Nothing is suggested: no smaller policy would have sufficed in 5 grants and in half of all. Nothing is taken out of the rule.

      The policy stays as it is.
      "
    `);
    const last = lines.findLastIndex((line) => line.includes("EVID#"));
    const cut = await suggested(archive(lines.toSpliced(last, 1)), "--rule", "payments-edit");
    expect(cut.out).toMatchInlineSnapshot(`
      "payments-edit: 7 grants, asked 2026-11-24 to 2026-11-24 UTC; 6 used, 0 unused
        Nobody can say what these needed. 1 grant: the record has no summary of what was done. The archive has summaries; an export has none. So nothing is taken out of the rule.
        Nothing is suggested: no smaller policy would have sufficed in 5 grants and in half of all.

      The policy stays as it is.
      "
    `);
  });

  it("--from and --to choose by when it was asked for, and --json has each rule", async () => {
    const dir = archive(await played(1));
    const { out } = await suggested(dir, "--to", "2026-11-24T10:30:00Z", "--json");
    const { rules, patch, byHand } = JSON.parse(out);
    expect({ first: rules[0], patch, byHand }).toMatchObject({
      first: { rule: "payments-edit", grants: 1, used: 1, silence: "too-few", less: null },
      patch: "",
      byHand: [],
    });
  });

  it("A rule that the policy lacks is refused, with the one that was meant", async () => {
    const { code, err } = await suggested(archive(await played(0)), "--rule", "payments-edti");
    expect(code).toBe(2);
    expect(err).toContain('The policy has no rule "payments-edti". Did you mean payments-edit?');
  });

  it("A record that is not whole fails, after the answer", async () => {
    const { code, out, err } = await suggested(archive((await played(0)).slice(1)));
    expect(code).toBe(8);
    expect(out).toContain("payments-edit: 6 grants");
    expect(err).toContain("their history is not whole");
  });

  it("Evidence with a gap is no summary", async () => {
    const lines = (await played(0)).map((line) => line.replace('"count":1', '"count":2'));
    const { out } = await suggested(archive(lines), "--rule", "payments-edit");
    expect(out).toContain("7 grants: the record has no summary of what was done");
  });
});
