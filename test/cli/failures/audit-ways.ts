/** Ways to each failure of `timelatch audit`. */
import { generateKeyPairSync } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { exportPages } from "../../../cli/audit/export-events.ts";
import { writeManifest } from "../../../cli/audit/export-manifest.ts";
import { auditBundle } from "../../../cli/commands/audit-bundle.ts";
import { auditExport } from "../../../cli/commands/audit-export.ts";
import { auditReport } from "../../../cli/commands/audit-report.ts";
import { auditVerify } from "../../../cli/commands/audit-verify.ts";
import { auditVerifyAny } from "../../../cli/commands/audit-verify-any.ts";
import { auditVerifyArchive } from "../../../cli/commands/audit-verify-archive.ts";
import { auditWitness } from "../../../cli/commands/audit-witness.ts";
import { reach } from "../../../cli/commands/reach.ts";
import { Failure } from "../../../cli/failures/failure.ts";
import { sealOf } from "../../../shared/domain/evidence/archive/seal.ts";
import { apiOf, ID, wholeLife } from "../audit/bundle-world.ts";
import { reportApi } from "../audit/report-world.ts";
import { bytesOf, smallArchive } from "../audit/small-archive.ts";
import { fakeApi, fakeTerminal } from "../fake-terminal.ts";
import { aLife } from "../sample-requests.ts";

/** @param folderOf a folder for files, from the beginning of the tests on */
export function auditWays(folderOf: () => string): Readonly<Record<string, () => unknown>> {
  /** The catalogue is the same on every machine. */
  const placeOf = (name: string) => path.relative(process.cwd(), path.join(folderOf(), name));
  const file = (name: string, content: string) => {
    writeFileSync(placeOf(name), content);
    return placeOf(name);
  };
  const verify = (name: string, content: string) =>
    auditVerify(fakeTerminal().context, [file(name, content)]);
  const aPublicKey = () =>
    generateKeyPairSync("ec", { namedCurve: "P-256" })
      .publicKey.export({ type: "spki", format: "pem" })
      .toString();
  const aWitnessKey = () =>
    generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  const verifyArchive = (pem: string) => {
    const content = {
      day: "2026-11-24",
      key: "a".repeat(64),
      policyHashes: [],
      counts: {},
      late: [],
    };
    const sealed = { ...sealOf({ ...content, before: undefined, tips: [] }), signature: "AA==" };
    const seal = file("2026-11-24.json", JSON.stringify(sealed));
    return auditVerifyArchive(fakeTerminal().context, [seal], file("public.pem", pem));
  };
  /** Asks a small archive, a week later. */
  const reachBy = async (cluster: string, at: string) => {
    const { files, publicPem } = await smallArchive();
    const archive = placeOf("small-archive");
    for (const [name, text] of files) {
      mkdirSync(path.dirname(path.join(archive, name)), { recursive: true });
      writeFileSync(path.join(archive, name), bytesOf(name, text));
    }
    const context = { ...fakeTerminal().context, now: () => "2026-12-01T00:00:00.000Z" };
    return reach(context, { cluster, at, archive, key: file("small.pem", publicPem) });
  };
  /** Bundles a request that ended; the API answers that many of its events. */
  const bundling = (events: number, options: object) => {
    const life = wholeLife();
    const stored = { ...life, events: life.events.slice(0, events), evidence: [] };
    const request = { ...life.request, version: events };
    return auditBundle(fakeTerminal({ api: apiOf({ ...stored, request }) }).context, ID, options);
  };
  const changingAlways = () => {
    const stored = { ...wholeLife(), evidence: [] };
    const api = apiOf({ ...stored, request: { ...stored.request, version: 99 } });
    return auditBundle(fakeTerminal({ api }).context, ID, { out: placeOf("new") });
  };
  /** Verifies a folder that has one file of a bundle. */
  const verifyBundle = (options: { key?: string; until?: string }) => {
    const made = placeOf("bundle");
    mkdirSync(made, { recursive: true });
    writeFileSync(path.join(made, "bundle.json"), "{}");
    return auditVerifyAny(fakeTerminal().context, [made], options);
  };
  /** A folder without a seal. */
  const full = () => {
    const made = placeOf("no-archive");
    mkdirSync(made, { recursive: true });
    return made;
  };
  const exportAs = (options: object) =>
    auditExport(fakeTerminal({ api: fakeApi(() => ({ events: [] })) }).context, {
      from: "2026-10-01",
      ...options,
    });
  /** A disk that takes no more while the first page comes. */
  const onFullDisk = (options: object) => {
    const full = Object.assign(new Error("ENOSPC: no space left on device, write"), {
      syscall: "write",
      code: "ENOSPC",
    });
    const api = fakeApi(({ path: asks }) => {
      if (asks === "/v1/whoami") return { person: "dave" };
      throw full;
    });
    return auditExport(fakeTerminal({ api }).context, { from: "2026-10-01", ...options });
  };
  const nobody = { what: "Nobody.", notDone: "Nothing was read.", next: ["Next: look."] } as const;
  /** Nobody asked for anything, and access.yaml has one cluster and nobody. */
  const exportOf = (options: object) => {
    const api = fakeApi(({ path: asks }) => {
      if (asks.startsWith("/v1/people/")) throw new Failure("notFound", "person-not-found", nobody);
      return asks === "/v1/clusters" ? { clusters: [{ name: "prod" }] } : { events: [], to: "" };
    });
    return auditExport(fakeTerminal({ api }).context, { from: "2026-10-01", ...options });
  };
  const continuing = async () => {
    const after = { at: "2026-11-24T10:00:00.000Z", hash: "h" };
    const start = { from: "2026-10-01", to: "2027-01-01", known: new Set<string>(), after };
    for await (const page of exportPages(
      fakeApi(() => ({ events: [], to: "" })),
      start,
    ))
      void page;
  };
  return {
    "a history with a gap": async () => {
      const start = { from: "2026-10-01", to: "2027-01-01", known: new Set<string>() };
      const api = fakeApi(() => ({ events: aLife().events.slice(1), to: "" }));
      for await (const _page of exportPages(api, start));
    },
    "a moment that is none": () => exportAs({ from: "friday" }),
    "an end before the start": () => exportAs({ to: "2026-09-01" }),
    "a file that cannot be written": () => exportAs({ out: "/dev/null/q4.ndjson" }),
    "a disk that is full": () => onFullDisk({ out: file("q4.ndjson", ""), overwrite: true }),
    "a file that is there already": () => exportAs({ out: file("q3.ndjson", "") }),
    "an export that cannot be continued": () => continuing(),
    "an export of a cluster that was never there": () => exportOf({ cluster: "prdo" }),
    "an export of a person who was never there": () => exportOf({ person: "mallory" }),
    "a manifest that cannot be written": () =>
      writeManifest(reportApi([]), "/dev/null/q4.ndjson", {
        head: { journal: 1, from: "2026-10-01", to: "2027-01-01", format: "ndjson" },
        tally: { events: 0, earlier: 0, requests: 0, to: "2027-01-01" },
        written: { bytes: 0, sha256: "" },
        now: "2027-01-01",
      }),
    "an export that is not the one of its manifest": () => {
      const whole = aLife()
        .events.map((event) => `${JSON.stringify(event)}\n`)
        .join("");
      const named = { schema: 1, sha256: "0", bytes: 1, events: 3, requests: 1, askedBy: "dave" };
      file("q2.ndjson.manifest.json", JSON.stringify({ ...named, parameters: {} }));
      return verify("q2.ndjson", whole);
    },
    "a file that cannot be read": () =>
      auditVerify(fakeTerminal().context, ["/dev/null/q4.ndjson"]),
    "a file that does not hold": () => verify("edited.ndjson", '{"schema":1}\n[]\n'),
    "an empty file": () => verify("empty.ndjson", ""),
    "two exports at once": () => auditVerify(fakeTerminal().context, ["a.ndjson", "b.ndjson"]),
    "an archive without its key": () => verifyArchive("no key"),
    "an instant before an archive begins": () => reachBy("prod", "2026-11-01T00:00Z"),
    "an instant after an archive's end": () => reachBy("prod", "2026-11-29T00:00Z"),
    "a cluster that is not in an archive yet": () => reachBy("prd", "2026-11-25T00:00Z"),
    "an archive of the past without its key": () =>
      reach(fakeTerminal().context, { at: "1h", archive: "archive" }),
    "an archive asked about now": () =>
      reach(fakeTerminal().context, { archive: "archive", key: "public.pem" }),
    "a bundle without its folder": () => bundling(5, {}),
    "a bundle into a folder that is full": () => {
      file("some.txt", "");
      return bundling(5, { out: placeOf(".") });
    },
    "a bundle that cannot be written": () => bundling(5, { out: "/dev/null/bundle" }),
    "a bundle of a request that changes": changingAlways,
    "a bundle of a history that contradicts its request": () =>
      bundling(4, { out: placeOf("new") }),
    "a bundle with an archive that has no seal": () =>
      bundling(5, { out: placeOf("new"), archive: full() }),
    "a report without its beginning": () => auditReport(fakeTerminal().context, {}),
    "a report of a moment that is none": () =>
      auditReport(fakeTerminal().context, { from: "soon" }),
    "a report into a folder": () =>
      auditReport(fakeTerminal().context, { from: "2026-10-01", out: placeOf(".") }),
    "a report with files that are not CloudTrail's": () =>
      auditReport(fakeTerminal().context, {
        from: "2026-10-01",
        cloudtrail: [file("trail.json", "{}")],
      }),
    "a report that cannot be written": () =>
      auditReport(fakeTerminal({ api: reportApi([]) }).context, {
        from: "2026-10-01",
        out: "/dev/null/report.html",
      }),
    "a bundle that does not hold": () => verifyBundle({}),
    "a bundle with a key that is none": () => verifyBundle({ key: file("none.pem", "no key") }),
    "a witness's checkpoint without the witness's key": () =>
      auditVerifyAny(fakeTerminal().context, [full()], { key: "k", witness: "checkpoint" }),
    "an archive that a witness cannot cosign": () =>
      auditWitness(fakeTerminal().context, [full()], {
        key: file("sealing.pem", aPublicKey()),
        sign: file("own.pem", aWitnessKey()),
        name: "auditors",
        checkpoint: placeOf("checkpoint"),
      }),
    "a day up to which a bundle is sealed": () => verifyBundle({ until: "2026-11-24" }),
    "an archive that another key sealed": () => verifyArchive(aPublicKey()),
  };
}
