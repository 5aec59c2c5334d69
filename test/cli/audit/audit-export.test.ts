import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { AuditEvent } from "../../../shared/domain/requests/audit-event.ts";
import { type LoopbackApi, loopbackApi, problem, type Script } from "../loopback-api.ts";
import { LAUNCHER, run, runHere, start } from "../run-timelatch.ts";
import { aLife, idOf } from "../sample-requests.ts";

const lines = (events: readonly unknown[]) =>
  events.map((event) => `${JSON.stringify(event)}\n`).join("");

const [FIRST, SECOND, THIRD] = aLife(idOf(1)).events as [AuditEvent, AuditEvent, AuditEvent];
const OTHER = aLife(idOf(2)).events;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "timelatch-audit-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const WRITTEN = ["q4.ndjson", "q4.ndjson.manifest.json"];

/** Up to when the API's list is complete. */
const COMPLETE_TO = "2026-11-24T10:59:00.000Z";

describe("timelatch audit export", () => {
  let script: Script;
  let api: LoopbackApi;
  beforeEach(async () => {
    script = ({ path }) => ({
      body: path.includes("cursor=2")
        ? { events: [THIRD], to: COMPLETE_TO }
        : { events: [FIRST, SECOND], to: COMPLETE_TO, next: "2" },
    });
    let listed = 0;
    api = await loopbackApi((call) => {
      if (call.path === "/v1/whoami") return { body: { person: "dave" } };
      listed += 1;
      return script(call, listed);
    });
  });
  afterEach(() => api.close());

  const RANGE = ["--from", "2026-10-01", "--to", "2027-01-01T00:00+01:00"];
  const surroundings = () => ({ env: { TIMELATCH_API: api.address } });
  const inRange = (args: readonly string[]) => ["audit", "export", ...RANGE, ...args];
  const auditExport = (...args: readonly string[]) => run(inRange(args), surroundings());
  /** One that writes nothing to standard output, which is the process's own. */
  const exportHere = (...args: readonly string[]) => runHere(inRange(args), surroundings());

  it("timelatch audit export writes every page as NDJSON, which verifies", async () => {
    const { code, out, err } = await auditExport();
    expect(code).toBe(0);
    expect(out).toBe(lines([FIRST, SECOND, THIRD]));
    expect(err).toContain("3 events of 1 request;");
    const from = "from=2026-10-01T00%3A00%3A00.000Z";
    expect(api.calls.map(({ path, signed }) => [path, signed])).toEqual([
      [`/v1/audit/events?${from}&to=2026-12-31T23%3A00%3A00.000Z`, true],
      // An end that moved with the clock would not be one export.
      [`/v1/audit/events?${from}&to=2026-11-24T10%3A59%3A00.000Z&cursor=2`, true],
    ]);
    expect((await run(["audit", "verify", "-"], { stdin: out })).code).toBe(0);
  });

  it("timelatch audit export completes a request that began before the time asked for, so that it verifies", async () => {
    script = ({ path }) =>
      path.startsWith("/v1/requests/")
        ? { body: { events: [FIRST, SECOND, THIRD] } }
        : { body: { events: [...OTHER, THIRD], to: COMPLETE_TO } };
    const { out, err } = await run(["audit", "export", "--from", "2026-11-24T10:02Z"], {
      env: { TIMELATCH_API: api.address },
    });
    expect(out).toBe(lines([...OTHER, FIRST, SECOND, THIRD]));
    expect(api.calls.map(({ path }) => path.replace(/\?.*/, ""))).toEqual([
      "/v1/audit/events",
      `/v1/requests/${idOf(1)}/events`,
    ]);
    expect(err).toContain("2 of them from before --from");
  });

  it("timelatch audit export says up to when it is complete, and with what the next one begins", async () => {
    const { err } = await auditExport();
    expect(err).toContain(`complete from 2026-10-01T00:00:00.000Z to ${COMPLETE_TO}.`);
    expect(err).toContain(`--from ${COMPLETE_TO}\n`);
  });

  it("timelatch audit export counts what others put into the list, over all its pages", async () => {
    expect((await exportHere("--out", join(folder, "q1.ndjson"))).err).not.toContain("left out");
    const whole = script;
    script = (call, count) => {
      const { body } = whole(call, count) as { body: object };
      return { body: { ...body, leftOut: 1 } };
    };
    const { code, err } = await exportHere("--out", join(folder, "q2.ndjson"));
    expect(code).toBe(0);
    expect(err).toContain("2 items left out: no event in its place");
    expect(err).toContain("3 events of 1 request");
  });

  it("timelatch audit export writes CSV with its formulas made harmless", async () => {
    const hostile = { ...FIRST, actor: '=HYPERLINK("http://x")' };
    script = () => ({ body: { events: [hostile, SECOND], to: COMPLETE_TO } });
    const { out } = await auditExport("--format", "csv");
    const [head, first] = out.split("\r\n");
    expect(head).toBe(
      '"at","requestId","seq","type","from","to","actor","details","policyHash","previousHash","hash","schema"',
    );
    expect(first).toContain(`,"request","","pending","'=HYPERLINK(""http://x"")","{""`);
    expect(out.trimEnd().split("\r\n")).toHaveLength(3);
  });

  it("timelatch audit export writes one JSON document under --json", async () => {
    const { out, err } = await auditExport("--json");
    expect(JSON.parse(out)).toEqual({ events: [FIRST, SECOND, THIRD], to: COMPLETE_TO });
    expect(err).toBe("");
  });

  it("timelatch audit export writes a file only for its owner", async () => {
    const file = join(folder, "q4.ndjson");
    const { code, out } = await auditExport("--out", file);
    expect({ code, out }).toEqual({ code: 0, out: "" });
    expect(readFileSync(file, "utf8")).toBe(lines([FIRST, SECOND, THIRD]));
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(WRITTEN);
  });

  it("timelatch audit export leaves nothing behind when the first page fails", async () => {
    script = () => problem(403, "forbidden", "Only auditors may read this.");
    const { code } = await exportHere("--out", join(folder, "q4.ndjson"));
    expect(code).toBe(3);
    expect(readdirSync(folder)).toEqual([]);
  });

  it("An export continues after a page that failed, to the same bytes", async () => {
    const file = join(folder, "q4.ndjson");
    const whole = script;
    script = (call, count) =>
      count === 1 ? whole(call, count) : problem(500, "internal-error", "An error.");
    const { code, err } = await exportHere("--out", file);
    expect(code).toBe(1);
    expect(err).toContain(`timelatch audit export --resume ${file}`);
    expect(existsSync(file)).toBe(false);
    // From the last event's own instant on, since a cursor holds for an hour.
    script = () => ({ body: { events: [SECOND, THIRD], to: COMPLETE_TO } });
    const env = { TIMELATCH_API: api.address };
    const again = await runHere(["audit", "export", "--resume", file], { env });
    expect(again).toMatchObject({ code: 0, out: "" });
    expect(again.err).toContain(`3 events of 1 request written to ${file}; complete from 2026-10`);
    expect(decodeURIComponent(api.calls.at(-1)?.path ?? "")).toContain(
      `from=${SECOND.at}&to=${COMPLETE_TO}`,
    );
    expect(readFileSync(file, "utf8")).toBe(lines([FIRST, SECOND, THIRD]));
    expect(readdirSync(folder)).toEqual(WRITTEN);
  });

  it.each([
    ["SIGINT", 130, "Ctrl-C"],
    ["SIGTERM", 143, "SIGTERM"],
  ] as const)("An export continues after %s, which ends it with %i", async (signal, code, by) => {
    const file = join(folder, "q4.ndjson");
    const whole = script;
    const second = Promise.withResolvers<void>();
    script = (call, count) => {
      if (count === 1) return whole(call, count);
      second.resolve();
      return "silence";
    };
    const env = { TIMELATCH_API: api.address };
    const exporting = start(["audit", "export", ...RANGE, "--out", file], { env });
    await second.promise;
    exporting.child.kill(signal);
    const ended = await exporting.ended;
    expect(ended).toMatchObject({ code, out: "" });
    expect(ended.err).toContain(`stopped by ${by}. It was not completed; nothing stands under`);
    expect(ended.err).toContain(`  timelatch audit export --resume ${file}\n`);
    expect(existsSync(file)).toBe(false);
    script = () => ({ body: { events: [SECOND, THIRD], to: COMPLETE_TO } });
    expect((await runHere(["audit", "export", "--resume", file], { env })).code).toBe(0);
    expect(readFileSync(file, "utf8")).toBe(lines([FIRST, SECOND, THIRD]));
    expect(readdirSync(folder)).toEqual(WRITTEN);
  });

  it.each([
    ["a file before its first page", true, "nothing was kept"],
    ["standard output", false, "do not use what was written"],
  ])(
    "An export leaves nothing that looks whole when Ctrl-C ends it: %s",
    async (_what, isFile, said) => {
      const called = Promise.withResolvers<void>();
      script = () => {
        called.resolve();
        return "silence";
      };
      const out = isFile ? ["--out", join(folder, "q4.ndjson")] : [];
      const exporting = start(["audit", "export", ...RANGE, ...out], {
        env: { TIMELATCH_API: api.address },
      });
      await called.promise;
      exporting.child.kill("SIGINT");
      const { code, err } = await exporting.ended;
      expect(code).toBe(130);
      expect(err).toContain(said);
      expect(err).toContain("Next: run it again.");
      expect(readdirSync(folder)).toEqual([]);
    },
  );

  it("An export fails where a file can take no more, and says how to go on", async () => {
    // The shell's limit cuts a write short, and refuses the next one, as a full disk does.
    const file = join(folder, "q4.csv");
    const events = (length: number) => Array.from({ length }, () => FIRST);
    script = ({ path }) => ({
      body: path.includes("cursor")
        ? { events: events(400), to: COMPLETE_TO }
        : { events: events(10), to: COMPLETE_TO, next: "2" },
    });
    const command = `trap "" XFSZ; ulimit -f 100; exec "$0" audit export --from 2026-10-01 --format csv --out "$1"`;
    const { code, err } = await run(["-c", command, LAUNCHER, file], {
      launcher: "/bin/sh",
      env: { TIMELATCH_API: api.address },
    });
    expect(err).toContain("to its end: EFBIG: file too large. The export was not completed");
    expect(code).toBe(10);
    expect(err).toContain(`--resume ${file}`);
    expect(existsSync(file)).toBe(false);
  });

  it("An export fails where standard output is full, and does not report success", async () => {
    const command = `exec "$0" audit export --from 2026-10-01 > /dev/full`;
    const { code, err } = await run(["-c", command, LAUNCHER], {
      launcher: "/bin/sh",
      env: { TIMELATCH_API: api.address },
    });
    expect(code).toBe(10);
    expect(err).toContain("Cannot write standard output to its end: the disk is full");
    expect(err).not.toContain("complete from");
  });

  it("An export never replaces a file without --overwrite, and asks the API nothing", async () => {
    const file = join(folder, "q4.ndjson");
    writeFileSync(file, "earlier evidence");
    const { code, err } = await exportHere("--out", file);
    expect(code).toBe(2);
    expect(err.replace(/\s+/g, " ")).toContain("is there already. Nothing was exported.");
    expect(err).toContain("--overwrite");
    expect(api.calls).toEqual([]);
    expect(readFileSync(file, "utf8")).toBe("earlier evidence");
    expect((await exportHere("--out", file, "--overwrite")).code).toBe(0);
    expect(readFileSync(file, "utf8")).toBe(lines([FIRST, SECOND, THIRD]));
  });

  it("A continued export replaces no file either that came under its name meanwhile", async () => {
    const file = join(folder, "q4.ndjson");
    const whole = script;
    script = (call, count) =>
      count === 1 ? whole(call, count) : problem(500, "internal-error", "An error.");
    expect((await exportHere("--out", file)).code).toBe(1);
    writeFileSync(file, "came meanwhile");
    script = () => ({ body: { events: [SECOND, THIRD], to: COMPLETE_TO } });
    const env = { TIMELATCH_API: api.address };
    expect((await runHere(["audit", "export", "--resume", file], { env })).code).toBe(2);
    expect(readFileSync(file, "utf8")).toBe("came meanwhile");
    const again = await runHere(["audit", "export", "--resume", file, "--overwrite"], { env });
    expect(again.code).toBe(0);
    expect(readFileSync(file, "utf8")).toBe(lines([FIRST, SECOND, THIRD]));
  });

  it("With --overwrite an export replaces a link, and does not follow it", async () => {
    const file = join(folder, "q4.ndjson");
    const target = join(folder, "target");
    writeFileSync(target, "kept");
    symlinkSync(target, file);
    expect((await exportHere("--out", file)).code).toBe(2);
    expect((await exportHere("--out", file, "--overwrite")).code).toBe(0);
    expect(readFileSync(target, "utf8")).toBe("kept");
    expect(readFileSync(file, "utf8")).toBe(lines([FIRST, SECOND, THIRD]));
  });

  it("An export does not write over what is not a file", async () => {
    const { code, err } = await exportHere("--out", "/dev/full");
    expect(code).toBe(2);
    expect(err).toContain("is there, and is not a file. Nothing was exported.");
  });

  it.each([
    ["nothing that was interrupted", ["--resume", "/nowhere/q4.ndjson"]],
    ["other options beside --resume", ["--resume", "q4.ndjson", "--from", "2026-10-01"]],
    ["an export without its beginning", []],
  ])("timelatch audit export refuses %s, and exports nothing", async (_what, args) => {
    const env = { TIMELATCH_API: api.address };
    const { code, err } = await runHere(["audit", "export", ...args], { env });
    expect(code).toBe(2);
    expect(err).toContain("Nothing was exported.");
  });

  it("timelatch audit export says that it cannot write where there is no folder", async () => {
    const { code, err } = await exportHere("--out", join(folder, "none", "q4.ndjson"));
    expect(code).toBe(2);
    expect(err).toContain("Nothing was exported.");
    expect(existsSync(join(folder, "none"))).toBe(false);
  });

  it.each([
    ["a day that is none", ["--from", "2026-02-30"]],
    ["a time without its zone", ["--from", "2026-10-01T00:00"]],
    ["an end before the start", ["--from", "2027-10-01"]],
    ["another format", ["--format", "xml"]],
    ["a format beside --json", ["--json", "--format", "csv"]],
  ])("timelatch audit export refuses %s, and sends nothing", async (_what, args) => {
    const { code, out } = await exportHere(...args);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(api.calls).toHaveLength(0);
  });
});
