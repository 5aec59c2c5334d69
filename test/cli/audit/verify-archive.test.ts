import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { aPolicy } from "../../../lab/fakes/builders.ts";
import { fixedClock } from "../../../lab/fakes/fixed-clock.ts";
import { memoryArchiveStore } from "../../../lab/fakes/memory-archive-store.ts";
import { memoryAuditRecords } from "../../../lab/fakes/memory-audit-records.ts";
import { memorySigner } from "../../../lab/fakes/memory-signer.ts";
import { memoryStandingStore } from "../../../lab/fakes/memory-standing-store.ts";
import type { SealedDay } from "../../../shared/domain/evidence/archive/seal.ts";
import { canonicalJson, hashOf } from "../../../shared/domain/values/canonical-json.ts";
import { archive } from "../../../shared/usecases/evidence/archive.ts";
import { aChain } from "../../shared/usecases/evidence/archive-world.ts";
import { run, runHere } from "../run-timelatch.ts";
import { aLife, idOf } from "../sample-requests.ts";

const signer = memorySigner();
const pemOf = (of: typeof signer) =>
  of.publicKey.export({ type: "spki", format: "pem" }).toString();
const events = [1, 2].flatMap((id) => aLife(idOf(id)).events);
const day = events[0]?.at.slice(0, 10) ?? "";
const at = (days: number, time: string) =>
  `${new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10)}T${time}.000Z`;

/** Evidence of a request, whose chain its `requestId` names. */
const named = aChain("EVID#x", [at(0, "20:00:00"), at(1, "09:00:00")], { requestId: "x" }).map(
  ({ record }) => record,
);

/** The archive of two days, as `archive` writes it. */
const store = memoryArchiveStore();
const standing = memoryStandingStore();
const clock = fixedClock(at(0, "23:10:00"));
const records = memoryAuditRecords([
  ...events.map((record) => ({ chain: `AUDIT#${record.requestId}`, record })),
  ...named.map((record) => ({ chain: "EVID#x", record })),
]);
for (; clock.now() < at(2, "02:00:00"); clock.advance(3_600))
  await archive({ store, signer, clock, records, standing }, () => false);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "timelatch-archive-"));
  for (const [key, lines] of store.objects) write(key, lines);
  writeFileSync(path.join(folder, "public.pem"), pemOf(signer));
});
afterEach(() => rmSync(folder, { recursive: true }));

const file = (key: string) => path.join(folder, "archive", key);
function write(key: string, lines: readonly string[]) {
  mkdirSync(path.dirname(file(key)), { recursive: true });
  const text = Buffer.from(lines.map((line) => `${line}\n`).join(""));
  writeFileSync(file(key), key.endsWith(".gz") ? gzipSync(text) : text);
}
const verifying = (...more: readonly string[]) => [
  ...["audit", "verify", path.join(folder, "archive")],
  ...more,
  ...["--key", path.join(folder, "public.pem")],
];
const verify = (...more: readonly string[]) => runHere(verifying(...more));
const partWith = (text: string) => {
  const found = [...store.objects].find(
    ([key, lines]) => key.startsWith("records/") && lines.some((line) => line.includes(text)),
  );
  if (!found) throw new Error(`No part has ${text}.`);
  return found;
};
const sealed = (days: number): readonly [string, SealedDay] => {
  const key = `seals/${at(days, "00:00:00").slice(0, 10)}.json`;
  return [key, JSON.parse(store.objects.get(key)?.[0] ?? "") as SealedDay];
};

const policyHashes = [
  ...new Set([0, 1].flatMap((days) => sealed(days)[1].seal.policyHashes)),
].sort();

describe("timelatch audit verify of an archive", () => {
  it("timelatch audit verify says which seals and how many records of an archive hold, without the network", async () => {
    const { code, out, err } = await run(verifying());
    expect({ code, err }).toEqual({ code: 0, err: "" });
    const [first, last] = [-1, 1].map((days) => sealed(days)[1].seal.day);
    expect(out).toContain(`Every day from ${first} to ${last} is sealed`);
    expect(out).toContain(`All records hold (${events.length + 2}, in 3 chains)`);
  });

  it("timelatch audit verify gives the same facts about an archive as JSON", async () => {
    const { code, out } = await verify("--json");
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ seals: 3, chains: 3, unsealed: 0, faults: [] });
  });

  it("timelatch audit verify says which policies of the seals have no file, and that is no fault", async () => {
    const { code, out } = await verify();
    expect(code).toBe(0);
    expect(policyHashes.length).toBeGreaterThan(0);
    expect(out).toContain(`Not here: ${policyHashes.length} policy file`);
    expect(out).toContain(policyHashes[0]);
    expect(JSON.parse((await verify("--json")).out)).toMatchObject({
      policies: 0,
      policiesWithoutFile: policyHashes,
    });
  });

  it("timelatch audit verify takes a policy file by its hash, and names one that was edited", async () => {
    const { hash, ...compiled } = aPolicy();
    const text = canonicalJson(compiled);
    write(`policies/${hash}.json`, [text]);
    const { code, out } = await verify("--json");
    expect([code, JSON.parse(out).policies]).toEqual([0, 1]);
    write(`policies/${hash}.json`, [text.replace("prod", "test")]);
    const edited = await verify();
    expect(edited.code).toBe(8);
    expect(edited.err).toContain(`${hash}.json: edited`);
  });

  it("timelatch audit verify names an edited record of an archive, with file and line", async () => {
    const [key, lines] = partWith('"type":"approve"');
    write(
      key,
      lines.map((line) => line.replace('"type":"approve"', '"type":"deny"')),
    );
    const { code, err } = await verify();
    expect(code).toBe(8);
    expect(err).toContain("edited");
    expect(err).toContain(path.basename(key));
  });

  it("timelatch audit verify names a chain whose last record is gone, and a chain that is wholly gone", async () => {
    const [last, lines] = partWith(`"requestId":"x","seq":2`);
    write(
      last,
      lines.filter((line) => !line.includes(`"requestId":"x","seq":2`)),
    );
    expect((await verify()).err).toContain("cut-off");
    const [first] = partWith(idOf(1));
    for (const [key, all] of store.objects)
      if (key.startsWith("records/"))
        write(
          key,
          all.filter((line) => !line.includes(idOf(1))),
        );
    expect(first).toBeDefined();
    expect((await verify()).err).toContain(`AUDIT#${idOf(1)}: missing`);
  });

  it("timelatch audit verify names a record whose chain was computed again", async () => {
    const [first, second] = named;
    if (!first || !second) throw new Error("The chain is too short.");
    const { hash: _hash, ...body } = { ...second, type: "other" };
    const forged = JSON.stringify({ chain: "EVID#x", record: { ...body, hash: hashOf(body) } });
    const [key, lines] = partWith(`"requestId":"x","seq":2`);
    write(
      key,
      lines.map((line) => (line.includes(`"requestId":"x","seq":2`) ? forged : line)),
    );
    expect((await verify()).err).toContain("rewritten");
  });

  it("timelatch audit verify names a seal that was edited, that is missing, and that another key made", async () => {
    const [key, one] = sealed(0);
    write(key, [JSON.stringify({ ...one, seal: { ...one.seal, counts: {} } })]);
    expect((await verify()).err).toContain("edited");
    rmSync(file(key));
    expect((await verify()).err).toContain(`The seal of ${one.seal.day} is missing`);
    write(key, [JSON.stringify(one)]);
    writeFileSync(path.join(folder, "public.pem"), pemOf(memorySigner()));
    const { code, err } = await verify();
    expect(code).toBe(8);
    expect(err).toContain("other-key");
  });

  it("timelatch audit verify names seals whose first is gone, tips that were cut, and files that are swapped", async () => {
    const [first] = sealed(-1);
    const [key, one] = sealed(0);
    rmSync(file(first));
    expect((await verify()).err).toContain("unlinked");
    write(first, store.objects.get(first) ?? []);
    write(key, [JSON.stringify({ ...one, tips: one.tips.slice(1) })]);
    expect((await verify()).err).toContain("The list of chains");
    write(key, store.objects.get(sealed(1)[0]) ?? []);
    write(sealed(1)[0], store.objects.get(key) ?? []);
    expect((await verify()).err).toContain("order");
  });

  it("timelatch audit verify says which day of an archive is the last that is sealed, and how old it is", async () => {
    const last = sealed(1)[1].seal.day;
    const { out } = await verify();
    expect(out).toMatch(
      new RegExp(`The last sealed day is ${last}, (?:yesterday|\\d+ days ago|which)`),
    );
    expect(out).toContain("If later seals were taken away, nothing here shows it");
    expect(JSON.parse((await verify("--json")).out).daysOld).toBeTypeOf("number");
  });

  it("timelatch audit verify --until fails where an archive's last seal is before that day", async () => {
    const [last, next] = [1, 2].map((days) => at(days, "00:00:00").slice(0, 10));
    const { code, out } = await verify("--until", String(last));
    expect(code).toBe(0);
    expect(out).not.toContain("If later seals");
    const late = await verify("--until", String(next));
    expect(late.code).toBe(8);
    expect(late.err).toContain(`missing: The seal of ${next} is missing.`);
  });

  it.each(["2026-02-30", "yesterday", "2026-11-24T00:00Z"])(
    "timelatch audit verify refuses an invalid day: --until %s",
    async (day) => {
      const { code, err } = await verify("--until", day);
      expect(code).toBe(2);
      expect(err).toContain("is not a day such as 2026-11-24. Nothing was verified.");
    },
  );

  it("timelatch audit verify refuses what is no seal, no key, no archive, or cut off in the middle", async () => {
    const [key] = sealed(0);
    write(key, ["{}"]);
    expect(await verify()).toMatchObject({
      code: 8,
      err: expect.stringContaining("is not a seal"),
    });
    write(key, store.objects.get(key) ?? []);
    const [part] = partWith(idOf(1));
    writeFileSync(file(part), readFileSync(file(part)).subarray(0, -12));
    expect(await verify()).toMatchObject({
      code: 8,
      err: expect.stringContaining("Cannot read"),
    });
    writeFileSync(path.join(folder, "public.pem"), "no key");
    expect(await verify()).toMatchObject({ code: 2, err: expect.stringContaining("P-256") });
    rmSync(file("seals"), { recursive: true });
    writeFileSync(path.join(folder, "public.pem"), pemOf(signer));
    expect(await verify()).toMatchObject({ code: 8, err: expect.stringContaining("no seal") });
  });

  it("timelatch audit verify takes single files too, and an export in place of the archive's records", async () => {
    const text = events.map((event) => `${JSON.stringify(event)}\n`).join("");
    const only = path.join(folder, "export.ndjson");
    writeFileSync(only, text);
    const key = path.join(folder, "public.pem");
    const { code, err } = await runHere(["audit", "verify", only, file("seals"), "--key", key]);
    expect(code).toBe(8);
    expect(err).toContain("All of EVID#x is missing");
    expect(err).not.toContain("AUDIT#");
  });

  it("A seal can be checked by hand with jq and openssl, as docs/audit.md says", () => {
    const [, script = ""] =
      /<!-- by hand -->\n```sh\n([\s\S]*?)```/.exec(
        readFileSync(path.resolve(import.meta.dirname, "../../../docs/audit.md"), "utf8"),
      ) ?? [];
    const play = () =>
      execFileSync("sh", ["-eu", "-c", script], {
        cwd: folder,
        encoding: "utf8",
        env: { ...process.env, DAY: day },
      });
    expect(play()).toContain("Verified OK");
    const [key, one] = sealed(0);
    write(key, [JSON.stringify({ ...one, seal: { ...one.seal, size: 7 } })]);
    expect(play).toThrow("Verif");
  });
});
