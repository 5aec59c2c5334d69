/** Everyone who could reach a cluster at an instant, by nothing but a sealed archive. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { reach } from "../../../cli/commands/reach.ts";
import { Failure } from "../../../cli/failures/failure.ts";
import { aStep, PROD } from "../../../lab/fakes/builders.ts";
import { fixedClock } from "../../../lab/fakes/fixed-clock.ts";
import { memoryArchiveStore } from "../../../lab/fakes/memory-archive-store.ts";
import { memoryAuditRecords } from "../../../lab/fakes/memory-audit-records.ts";
import { memorySigner } from "../../../lab/fakes/memory-signer.ts";
import { nextFinding } from "../../../shared/domain/evidence/evidence-chain.ts";
import { plusSeconds } from "../../../shared/domain/values/instant.ts";
import { archive } from "../../../shared/usecases/evidence/archive.ts";
import { aFinding, anAcknowledgementDraft } from "../../shared/domain/evidence/finding-samples.ts";
import { keptReadings } from "../../shared/usecases/clusters/kept-readings.ts";
import { fakeTerminal } from "../fake-terminal.ts";
import { aLife, idOf } from "../sample-requests.ts";
import { bytesOf } from "./small-archive.ts";

const [ONE, TWO] = [aLife(idOf(1)), aLife(idOf(2))];
const shown = ONE.events.at(-1)?.at ?? "";
const second = (seconds: number) => plusSeconds(shown, seconds);
/** The first grant is over by a read ten minutes after its access was shown; the second goes on. */
const ending = aStep(ONE.request, { type: "return", at: second(500) });
const proof = { hadBegun: true, readAt: second(600), stayed: [], stayedBy: [] };
const over = aStep(ending.request, {
  type: "settle",
  at: second(610),
  details: { calls: [], proof },
});
const EVENTS = [...ONE.events, ending.event, over.event, ...TWO.events];
const FOUND = aFinding();
const SEEN = nextFinding(FOUND, { ...anAcknowledgementDraft(FOUND), at: second(3_000) });

/** Two roles stood there an hour after the grants began, and one of them two hours later. */
const READINGS = [
  { startedAt: second(3_600), roles: ["a", "b"] },
  { startedAt: second(10_800), roles: ["b"] },
];

const day = shown.slice(0, 10);
const dayLater = (days: number, time: string) =>
  `${plusSeconds(`${day}T00:00:00.000Z`, days * 86_400).slice(0, 10)}T${time}.000Z`;

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "timelatch-reach-"));
  const [store, signer] = [memoryArchiveStore(), memorySigner()];
  const kept = await keptReadings(READINGS);
  const { standing } = kept;
  const records = memoryAuditRecords([
    ...EVENTS.map((record) => ({ chain: `AUDIT#${record.requestId}`, record })),
    ...[FOUND, SEEN].map((record) => ({ chain: `FIND#${FOUND.chain}`, record })),
    ...kept.records,
  ]);
  const clock = fixedClock(dayLater(0, "23:10:00"));
  for (; clock.now() < dayLater(1, "06:00:00"); clock.advance(3_600))
    await archive({ store, signer, clock, records, standing }, () => false);
  for (const [name, lines] of store.objects) {
    const file = path.join(folder, "archive", name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, bytesOf(name, lines.map((line) => `${line}\n`).join("")));
  }
  const pem = signer.publicKey.export({ type: "spki", format: "pem" }).toString();
  writeFileSync(path.join(folder, "public.pem"), pem);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Two days later, without an API. */
async function asked(at: string, options: { cluster?: string; who?: string; json?: boolean } = {}) {
  const { cluster = "prod", json = false, ...rest } = options;
  const { context, out, err } = fakeTerminal({ json });
  const later = { ...context, now: () => dayLater(2, "12:00:00") };
  const files = { archive: path.join(folder, "archive"), key: path.join(folder, "public.pem") };
  await reach(later, { cluster, at, ...rest, ...files });
  return { out: out().replace(/\s+/g, " "), err: err() };
}

describe("timelatch reach --at --archive", () => {
  it("It says who could reach the cluster then, from files alone, and whose seals it leans on", async () => {
    const { out, err } = await asked(second(550));
    expect(err).toContain(`by the archive alone. Its seals up to ${day} are by the key`);
    expect(out).toMatch(/^prod: 2 through grants\. Standing access at that time is not known/);
    expect(out).toContain("its end had begun, over at");
    expect(out).toContain(`grant ${idOf(2)}`);
    expect(out).toContain("Findings from an hour before to an hour after changed from outside");
  });

  it("--who lists that person's grants only, and says that an archive knows no holders", async () => {
    const { out } = await asked(second(3_700), { who: "alice" });
    expect(out).toMatch(
      /^prod: By Timelatch's record, alice had access\. \d through (a grant|grants)\. /,
    );
    expect(out).toContain(
      "The archive does not say who holds a principal, so the standing access of alice is not known. Besides nodes and AWS's own, 2 other principals have access entries.",
    );
    expect(out).not.toContain("2 standing");
    const json = JSON.parse((await asked(second(550), { who: "nobody", json: true })).out);
    expect(json).toMatchObject({
      who: { name: "nobody" },
      clusters: [{ grants: [], entries: [] }],
    });
  });

  it("Standing access is that of the last reading before, each entry with its own time", async () => {
    const { out } = await asked(second(3_700), { json: true });
    const [{ standing, entries, cluster }] = JSON.parse(out).clusters;
    expect(standing).toMatchObject({
      reading: { startedAt: second(3_600), completedAt: second(3_610), read: 2, explained: 0 },
      following: second(10_810),
      unknown: "changed",
      changed: [{ principalArn: "arn:aws:iam::111122223333:role/a", changedAt: null }],
    });
    expect(
      entries.map(({ principalArn, readAt }: Record<string, string>) => [principalArn, readAt]),
    ).toEqual(["a", "b"].map((name) => [`arn:aws:iam::111122223333:role/${name}`, second(3_601)]));
    expect(cluster.setup.cluster.authenticationMode).toBe("API");
    const text = (await asked(second(3_700))).out;
    expect(text).toMatch(/2 standing by the reading of [\d:]+ UTC, 1m30s before\./);
    expect(text).toContain("role/a at an unknown time");
    expect(text).toContain("AmazonEKSEditPolicy in ci");
  });

  it("After the last reading there is no other yet, and twelve hours later nobody knows", async () => {
    const standingAt = async (at: string) =>
      JSON.parse((await asked(at, { json: true })).out).clusters[0].standing;
    expect(await standingAt(second(10_900))).toMatchObject({ following: null, unknown: null });
    expect((await asked(second(10_900))).out).toContain("There is no reading after that one yet");
    expect((await standingAt(second(10_810 + 43_200))).unknown).toBe("too-old");
    expect((await standingAt(second(3_609))).unknown).toBe("not-kept");
  });

  it("A list that is missing or exchanged answers nothing, and is named", async () => {
    const place = path.join(folder, "archive", "standing");
    const [first = "", other = ""] = readdirSync(place).sort();
    const kept = readFileSync(path.join(place, first));
    writeFileSync(path.join(place, first), readFileSync(path.join(place, other)));
    const failed = async (at: string) => {
      const error: unknown = await asked(at).catch((thrown: unknown) => thrown);
      if (!(error instanceof Failure)) throw new Error("It answered.");
      return [error.exit, String(error.message), ...(error.text.findings ?? [])].join(" ");
    };
    expect(await failed(second(3_700))).toContain(`${first}: edited`);
    rmSync(path.join(place, first));
    expect(await failed(second(3_700))).toContain(`standing/${first}`);
    writeFileSync(path.join(place, first), kept);
    expect((await asked(second(3_700))).out).toContain("2 standing");
  });

  it("--json has each grant as it was, with what proved its end, and who acknowledged a finding", async () => {
    const states = async (at: string) =>
      JSON.parse((await asked(at, { json: true })).out).clusters[0].grants.map(
        ({ id, state, goneAt }: Record<string, unknown>) => [id, state, goneAt],
      );
    expect(await states(second(499))).toEqual([
      [idOf(1), "active", second(600)],
      [idOf(2), "active", null],
    ]);
    expect(await states(second(600))).toEqual([[idOf(2), "active", null]]);
    expect(await states(second(700))).toEqual([[idOf(2), "active", null]]);
    const { archive: leant, clusters } = JSON.parse((await asked(second(9), { json: true })).out);
    expect(leant).toMatchObject({ until: day, isSealed: true });
    expect(clusters[0]).toMatchObject({
      cluster: { name: "prod", clusterArn: PROD.arn },
      findings: [{ state: "acknowledged" }],
    });
  });

  it("An instant that no seal covers yet is answered, and said to be so", async () => {
    const { err } = await asked(dayLater(1, "02:00:00"));
    expect(err).toContain("younger than the last seal");
  });

  it.each([
    ["before the archive begins", "2026-11-01T00:00Z", "prod", "The archive has records from"],
    ["after its last hour", dayLater(1, "12:00:00"), "prod", "The archive has records from"],
    ["of a cluster nobody had asked for", second(1), "prd", "nobody had asked for access to prd"],
  ])("An instant %s is refused", async (_, at, cluster, said) => {
    await expect(asked(at, { cluster })).rejects.toThrow(said);
  });

  it("An archive that does not hold answers nothing", async () => {
    const seal = path.join(folder, "archive", "seals", `${day}.json`);
    const text = readFileSync(seal, "utf8");
    writeFileSync(seal, text.replace(/"size":\d+/, '"size":99'));
    await expect(asked(second(1))).rejects.toThrow("The archive does not hold");
    writeFileSync(seal, text);
  });

  it.each([
    [{ archive: "a" }, "--archive and --key belong together"],
    [{ key: "k", at: "1h" }, "--archive and --key belong together"],
    [{ archive: "a", key: "k" }, "--at is not there"],
  ])("%j is refused", async (options, said) => {
    await expect(reach(fakeTerminal().context, options)).rejects.toThrow(said);
  });
});
