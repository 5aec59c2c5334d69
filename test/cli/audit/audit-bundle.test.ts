import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { auditBundle } from "../../../cli/commands/audit-bundle.ts";
import { auditVerifyAny } from "../../../cli/commands/audit-verify-any.ts";
import type { Failure } from "../../../cli/failures/failure.ts";
import { HOSTILE_TEXT, rawIn } from "../../hostile-characters.ts";
import { fakeTerminal } from "../fake-terminal.ts";
import { idOf } from "../sample-requests.ts";
import {
  acknowledged,
  apiOf,
  call,
  confirmed,
  evidenceOf,
  findingsOf,
  ID,
  POLICY,
  type Stored,
  sealedDay,
  wholeLife,
  writeArchive,
} from "./bundle-world.ts";
import { rewritten } from "./histories.ts";

const WHOLE: Stored = {
  ...wholeLife(),
  evidence: evidenceOf(ID, [
    ...["eks-1", "eks-2", "eks-3"].map(confirmed),
    {
      type: "activity",
      details: {
        state: "read",
        from: "2026-11-24T10:02:00.000Z",
        until: "2026-11-24T10:31:00.000Z",
        query: "fields verb",
        scannedBytes: 1,
        counts: [
          { verb: "delete", resource: "pods", namespace: "payments", outcome: "allowed", count: 2 },
        ],
        firstAt: null,
        lastAt: null,
        streams: [],
        leftBehind: [],
        isCut: false,
      },
    },
  ]),
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "timelatch-bundle-"));
});
afterEach(() => rmSync(folder, { recursive: true }));
const out = () => path.join(folder, "bundle");

async function bundle(stored: Stored, options: object = {}, json = false) {
  const terminal = fakeTerminal({ api: apiOf(stored), json, columns: Number.POSITIVE_INFINITY });
  await auditBundle(terminal.context, ID, { out: out(), ...options });
  return terminal.out();
}

async function verify(place: string, options: object = {}, json = false) {
  const terminal = fakeTerminal({ json, columns: Number.POSITIVE_INFINITY });
  await auditVerifyAny(terminal.context, [place], options);
  return terminal.out();
}

const failureOf = async (work: Promise<unknown>): Promise<Failure["text"] & { exit: string }> => {
  const failure = (await work.then(
    () => expect.unreachable("It did not fail."),
    (error: unknown) => error,
  )) as Failure;
  return { ...failure.text, exit: failure.exit };
};
const read = (name: string) => readFileSync(path.join(out(), name), "utf8");
const withArchive = (stored: Stored) => ({ archive: writeArchive(folder, [sealedDay(stored)]) });
const key = () => path.join(folder, "public.pem");

describe("timelatch audit bundle", () => {
  it("timelatch audit bundle writes a sealed grant whole, only for its owner, and it verifies", async () => {
    const said = await bundle(WHOLE, withArchive(WHOLE));
    expect(said).toContain("5 events, 3 calls to EKS: 3 confirmed, 0 findings.");
    expect(said).toContain("Nothing is missing in it.");
    expect(readdirSync(out(), { recursive: true }).sort()).toEqual([
      "bundle.json",
      "events.ndjson",
      "evidence.ndjson",
      "findings.ndjson",
      "index.html",
      "policies",
      `policies/${POLICY.hash}.json`,
      "seals",
      "seals/2026-11-24.json",
    ]);
    expect(statSync(path.join(out(), "bundle.json")).mode & 0o777).toBe(0o600);
    expect(read("seals/2026-11-24.json")).not.toContain("AUDIT#a");
    const verified = await verify(out(), { key: key() });
    expect(verified).toContain(`The bundle of request ${ID} holds: 5 events and 4 records`);
    expect(verified).toContain("The seal of 2026-11-24: signed by the key that you named");
    expect(verified).toContain("index.html is for reading, and no evidence. It is what this");
  });

  it("timelatch audit bundle says what is not in the bundle, on the terminal and in the page", async () => {
    const evidence = evidenceOf(ID, [
      confirmed("eks-1"),
      { type: "missing", details: { eksRequestId: "eks-3", calledAt: "2026-11-24T10:31:00.000Z" } },
    ]);
    const said = await bundle({ ...wholeLife(), evidence, findings: findingsOf() });
    expect(said).toContain("3 calls to EKS: 1 confirmed, 1 unconfirmed, 1 missing, 1 finding.");
    const lines = [
      "CloudTrail has not shown AssociateAccessPolicy eks-2 of 2026-11-24T10:02:00.000Z yet.",
      "CloudTrail did not show DisassociateAccessPolicy eks-3 of 2026-11-24T10:31:00.000Z in time.",
      `Nobody has acknowledged the finding ${"f".repeat(32)} (missing-event).`,
      "There is no summary of what was done with the access.",
      `No seal here covers the records 1 to 5 of AUDIT#${ID}.`,
      `The policy ${POLICY.hash} is known by its hash alone.`,
    ];
    for (const line of lines) {
      expect(said).toContain(`  ${line}\n`);
      expect(read("index.html")).toContain(`<li>${line}</li>`);
    }
    const verified = await verify(out());
    expect(verified).toContain("It has no seal: only the archive shows");
    expect(verified).toContain(lines[0]);
  });

  it("timelatch audit bundle says up to which record a chain that goes on is sealed", async () => {
    const evidence = WHOLE.evidence.slice(0, 2);
    const said = await bundle(WHOLE, withArchive({ ...WHOLE, evidence }));
    expect(said).toContain(`No seal here covers the records 3 to 4 of EVID#${ID}.`);
    expect(await verify(out())).toContain("records 3 to 4");
    const failed = await failureOf(verify(out(), { key: key() }));
    expect(failed).toMatchObject({ exit: "unverified" });
    expect(failed.findings?.join(" ")).toContain("nothing of the records 3 to 4 of EVID#");
  });

  it("timelatch audit bundle has who acknowledged a finding, and with what note", async () => {
    await bundle({ ...WHOLE, findings: findingsOf(acknowledged("a drill")) });
    const { findings } = JSON.parse(read("bundle.json"));
    expect(findings).toMatchObject([{ acknowledgements: [{ actor: "dave", note: "a drill" }] }]);
    expect(read("index.html")).toContain("a drill");
    expect(await verify(out())).not.toContain("Nobody has acknowledged");
  });

  it("A call that EKS answered after the grant was over is in the bundle, with its confirmation", async () => {
    const laterCalls = [call("DisassociateAccessPolicy", "eks-9", 45)];
    const evidence = evidenceOf(ID, ["eks-1", "eks-2", "eks-3", "eks-9"].map(confirmed));
    expect(await bundle({ ...WHOLE, evidence, laterCalls })).toContain(
      "4 calls to EKS: 4 confirmed",
    );
    const { calls } = JSON.parse(read("bundle.json"));
    expect(calls.at(-1)).toMatchObject({ event: null, requestId: "eks-9", state: "confirmed" });
    expect(read("index.html")).toContain("in no event: after the end");
    expect(await verify(out())).toContain("4 calls to EKS: 4 confirmed");
  });

  it("timelatch audit bundle prints the summary of the bundle under --json", async () => {
    const said = await bundle(WHOLE, {}, true);
    expect(JSON.parse(said)).toEqual(JSON.parse(read("bundle.json")));
    expect(JSON.parse(await verify(out(), {}, true))).toMatchObject({
      requestId: ID,
      events: 5,
      evidence: 4,
      seals: 0,
      signatures: "unchecked",
      page: "as-made",
      faults: [],
    });
  });

  it("The page of a bundle runs nothing, loads nothing, and shows markup from outside as text", async () => {
    const reason = `<script>alert(1)</script>" onload='x' ${HOSTILE_TEXT.toWellFormed()}`;
    await bundle({ ...wholeLife({ reason }, `</td>${reason}`), evidence: [] });
    const page = read("index.html");
    expect(page).toContain("&lt;script&gt;alert(1)&lt;/script&gt;&quot; onload=&#39;x&#39;");
    expect(page).not.toMatch(/<script|<img|<link|https?:\/\/|\son\w+=["']/);
    expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
    for (const name of ["index.html", "bundle.json", "events.ndjson"])
      expect(rawIn(read(name), "\n")).toEqual([]);
  });

  it("timelatch audit verify says that another page than its own is no evidence", async () => {
    await bundle(WHOLE);
    writeFileSync(path.join(out(), "index.html"), read("index.html").replace("bob", "eve"));
    expect(await verify(out())).toContain("index.html is NOT what this timelatch makes");
    rmSync(path.join(out(), "index.html"));
    expect(await verify(out())).toContain("There is no index.html");
  });

  it("timelatch audit bundle writes into an empty folder, and refuses one that has anything", async () => {
    mkdirSync(out());
    await bundle(WHOLE);
    const before = read("bundle.json");
    const { exit, what, notDone } = await failureOf(bundle(WHOLE));
    expect(exit).toBe("usage");
    expect(what).toContain("is there, and is not an empty folder.");
    expect(notDone).toBe("Nothing was written.");
    expect(read("bundle.json")).toBe(before);
  });

  it("timelatch audit bundle writes nothing where the API's history does not hold", async () => {
    const events = WHOLE.events.toSpliced(1, 1, { ...WHOLE.events[1], actor: "eve" } as never);
    const { exit, findings } = await failureOf(bundle({ ...WHOLE, events }));
    expect(exit).toBe("unverified");
    expect(findings).toContain("events.ndjson line 2: edited: Event 2 does not match its hash.");
    expect(readdirSync(folder)).toEqual([]);
  });

  it("timelatch audit bundle writes nothing where the API contradicts the archive", async () => {
    const options = withArchive(WHOLE);
    const events = rewritten(WHOLE.events, 3, { actor: "eve" });
    const request = { ...WHOLE.request };
    const { exit, findings } = await failureOf(bundle({ ...WHOLE, request, events }, options));
    expect(exit).toBe("unverified");
    expect(findings?.join()).toContain("is not what was sealed on 2026-11-24");
    expect(readdirSync(folder).sort()).toEqual(["archive", "public.pem"]);
  });

  it("timelatch audit bundle writes nothing where the archive's policy is edited", async () => {
    const { archive } = withArchive(WHOLE);
    writeFileSync(path.join(archive, "policies", `${POLICY.hash}.json`), "{}\n");
    expect((await failureOf(bundle(WHOLE, { archive }))).what).toContain("is edited");
    expect(existsSync(out())).toBe(false);
  });

  it("timelatch audit bundle writes nothing where the archive has no seal, or a broken one", async () => {
    const archive = writeArchive(folder, []);
    expect((await failureOf(bundle(WHOLE, { archive }))).what).toContain("There is no seal");
    const sealed = sealedDay(WHOLE);
    writeArchive(folder, [{ ...sealed, tips: sealed.tips.slice(1) }]);
    expect((await failureOf(bundle(WHOLE, { archive }))).what).toContain("The list of chains");
    expect((await failureOf(bundle(WHOLE, { archive: "/none" }))).exit).toBe("unverified");
    expect(readdirSync(folder)).not.toContain("bundle");
  });

  it("timelatch audit bundle leaves nothing where the disk takes no folder", async () => {
    const { exit, what } = await failureOf(bundle(WHOLE, { out: "/dev/null/bundle" }));
    expect(exit).toBe("unwritten");
    expect(what).toContain("Cannot write /dev/null/bundle");
  });

  it("timelatch audit bundle reads a request again that changed while it was read", async () => {
    const api = apiOf(WHOLE);
    let reads = 0;
    const changing = {
      ...api,
      send: async <Answer>(call: Parameters<typeof api.send>[0]): Promise<Answer> => {
        const found = await api.send<Answer>(call);
        if (call.path !== `/v1/requests/${ID}`) return found;
        reads += 1;
        return reads === 1 ? { ...found, version: 4 } : found;
      },
    };
    await auditBundle(fakeTerminal({ api: changing }).context, ID, { out: out() });
    expect(reads).toBe(2);
    expect(await verify(out())).toContain("holds");
  });

  it("timelatch audit verify names the file of a bundle that was edited, with exit code 8", async () => {
    await bundle(WHOLE);
    const file = path.join(out(), "events.ndjson");
    writeFileSync(file, readFileSync(file, "utf8").replace(idOf(1), idOf(2)));
    const { exit, findings } = await failureOf(verify(out()));
    expect(exit).toBe("unverified");
    expect(findings?.join()).toContain("events.ndjson");
  });
});
