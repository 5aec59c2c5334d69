/** `timelatch policy replay`, on archives of requests that were played by the use cases. */
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { memoryBroker } from "../../../lab/fakes/memory-broker.ts";
import type { AccessPolicy } from "../../../shared/domain/policy/policy.ts";
import { canonicalJson } from "../../../shared/domain/values/canonical-json.ts";
import { parseAccessPolicy } from "../../../shared/policy-file/parse-access-policy.ts";
import { editedSample, type PolicyFolder, policyFolder, SAMPLE } from "./policy-folder.ts";

let folder: PolicyFolder;
beforeAll(() => {
  folder = policyFolder();
});
afterAll(() => folder.remove());

const PRINCIPAL = "arn:aws:iam::111122223333:role/timelatch/people/timelatch-person-alice";
const ASK = { durationSeconds: 3_600, reason: "PAY-1 stuck rollout", principalArn: PRINCIPAL };

/** A grant of Edit that bob approved for alice, and a request for it that nobody decided. */
async function play(policy: AccessPolicy) {
  const broker = memoryBroker({ policy });
  const granted = await broker.approve(await broker.ask(ASK));
  broker.clock.advance(86_400);
  const waiting = await broker.ask({ ...ASK, durationSeconds: 1_800 });
  return { granted, waiting, events: broker.tables.events };
}

let archives = 0;
/** The archive has no file of this policy. */
const NO_POLICY = parseAccessPolicy(SAMPLE);

/** A folder as `archive` writes it. @param change what somebody did to the lines */
async function archive(
  change: (lines: readonly string[]) => readonly string[] = (lines) => lines,
  kept: AccessPolicy = parseAccessPolicy(SAMPLE),
  played: AccessPolicy = parseAccessPolicy(SAMPLE),
) {
  const { events, ...requests } = await play(played);
  archives += 1;
  const place = path.dirname(folder.write(`marker-${archives}`, ""));
  const dir = path.join(place, `archive-${archives}`);
  mkdirSync(path.join(dir, "policies"), { recursive: true });
  const lines = events.map((record) =>
    JSON.stringify({ chain: `AUDIT#${record.requestId}`, record }),
  );
  writeFileSync(
    path.join(dir, "0001.ndjson"),
    change(lines)
      .map((line) => `${line}\n`)
      .join(""),
  );
  const { hash, ...compiled } = kept;
  if (kept !== NO_POLICY)
    writeFileSync(path.join(dir, "policies", `${hash}.json`), `${canonicalJson(compiled)}\n`);
  return { dir, hash, ...requests };
}

async function replayed(text: string, dir: string, ...more: readonly string[]) {
  const file = folder.write("access.yaml", text);
  const { code, out, err } = await folder.policy("replay", file, "--archive", dir, ...more);
  return { code, out: out.replace(/[ \n]+/g, " "), err: err.replace(/[ \n]+/g, " ") };
}

const PAYMENTS = "approval: [{ groups: [payments-leads], count: 1 }]";

describe("timelatch policy replay", () => {
  it("Under the same policy, each request is as it was decided, and it says what the record lacks", async () => {
    const { dir } = await archive();
    const { code, out, err } = await replayed(SAMPLE, dir);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toContain("2 requests, judged again under access.yaml: 2 as it was decided");
    expect(out).toContain("The record has no request that was refused");
  });

  it("It names the people that another policy asks, and whom it refuses and why", async () => {
    const { dir, granted } = await archive();
    const more = editedSample([PAYMENTS, PAYMENTS.replace("count: 1", "count: 2")]);
    const two = await replayed(more, dir);
    expect(two.out).toContain("1 other people needed 1 as it was decided");
    expect(two.out).toContain(`Other people needed ${granted.id} alice, `);
    expect(two.out).toContain(
      "payments-edit needs 1 more of payments-leads, which has nobody else. So it could not be approved.",
    );
    const sre = editedSample([PAYMENTS, PAYMENTS.replace("payments-leads", "sre")]);
    expect((await replayed(sre, dir)).out).toContain(
      "payments-edit needs 1 more of sre (carol). Nobody asked them.",
    );
    const shorter = editedSample(["duration: { max: 4h, default: 1h }", "duration: { max: 30m }"]);
    expect((await replayed(shorter, dir)).out).toMatch(/lends it longest, for 30m\. The record/);
    const nobody = await replayed(SAMPLE.replaceAll("payments-edit", "payments-change"), dir);
    expect(nobody.out).toContain("2 requests");
  });

  it("--from and --to choose by when it was asked, and --json has each difference", async () => {
    const { dir, granted, waiting } = await archive();
    const without = editedSample([PAYMENTS, "approval: none"]);
    const first = await replayed(without, dir, "--to", waiting.createdAt, "--json");
    expect(JSON.parse(first.out)).toMatchObject({
      requests: 1,
      counts: { "nobody-asked": 1, same: 0 },
      differences: [
        { id: granted.id, verdict: "nobody-asked", grantedBy: "people", assumed: false },
      ],
    });
    const second = await replayed(without, dir, "--from", waiting.createdAt, "--json");
    expect(JSON.parse(second.out)).toMatchObject({
      differences: [{ id: waiting.id, verdict: "nobody-asked", grantedBy: "nobody" }],
    });
  });

  it("A policy without a file is named, and its requests count as assumed", async () => {
    const { dir, hash } = await archive(undefined, NO_POLICY);
    const { code, out } = await replayed(SAMPLE, dir);
    expect(code).toBe(0);
    expect(out).toContain(
      `The archive lacks a policy that judged 2 of these requests, so their rule counts as named: ${hash}`,
    );
  });

  it.each([
    [
      "lacks an event",
      (lines: readonly string[]) => lines.toSpliced(0, 1),
      "Not judged, since their history is not whole",
    ],
    [
      "has an edited event",
      (lines: readonly string[]) =>
        lines.map((line) => line.replace("stuck rollout", "stuck rolluot")),
      "Not judged, since their history is not whole",
    ],
    [
      "has a line that is no record",
      (lines: readonly string[]) => [...lines, "{}"],
      "Lines that are no records: 1",
    ],
    [
      "has an event of an older form",
      (lines: readonly string[]) => [
        ...lines,
        (lines[0] ?? "").replaceAll('"schema":1', '"schema":0'),
      ],
      "Lines that are no records: 1. The first: This is not an audit event: schema is not 1",
    ],
  ])("A record that %s fails, after the answer", async (_, change, finding) => {
    const { dir } = await archive(change);
    const { code, out, err } = await replayed(SAMPLE, dir);
    expect(code).toBe(8);
    expect(out).toContain("judged again under access.yaml");
    expect(err).toContain(finding);
  });

  it("--counts says how many, and names nobody", async () => {
    const { dir, granted } = await archive();
    const strict = editedSample([PAYMENTS, PAYMENTS.replace("count: 1", "count: 2")]);
    const { out } = await replayed(strict, dir, "--counts");
    expect(out).toContain("other people needed");
    expect(out).not.toContain(granted.id);
    expect(out).not.toMatch(/alice|bob/);
    const { out: json } = await replayed(strict, dir, "--counts", "--json");
    expect(Object.keys(JSON.parse(json))).toEqual(["requests", "counts"]);
  });

  it("A policy file whose hash is not its name fails, and judges nothing", async () => {
    const { dir, hash } = await archive();
    writeFileSync(path.join(dir, "policies", `${hash}.json`), "{}");
    const { code, out, err } = await replayed(SAMPLE, dir);
    expect(code).toBe(8);
    expect(err).toContain("Not the policies of their names: ");
    expect(out).toContain("The archive lacks a policy");
  });

  it("A request that its own policy would not have granted fails, by its id", async () => {
    const strict = parseAccessPolicy(
      editedSample([PAYMENTS, PAYMENTS.replace("count: 1", "count: 2")]),
    );
    // It was granted under another policy than the one whose hash is on its events.
    const { dir, granted } = await archive(undefined, strict, {
      ...parseAccessPolicy(SAMPLE),
      hash: strict.hash,
    });
    const { code, out, err } = await replayed(SAMPLE, dir);
    expect(code).toBe(8);
    expect(err).toContain(`Otherwise under their own policy: ${granted.id}.`);
    expect(out).toContain("2 as it was decided");
  });

  it("An archive that is not there, or is empty, is wrong usage, and nothing is judged", async () => {
    const { dir } = await archive(() => []);
    for (const place of [path.join(dir, "missing"), dir]) {
      const { code, out, err } = await replayed(SAMPLE, place);
      expect({ code, out }).toEqual({ code: 2, out: "" });
      expect(err).toContain("Nothing was done.");
    }
  });
});
