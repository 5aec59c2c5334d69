import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Call } from "../../../cli/api/call.ts";
import { type AuditExportOptions, auditExport } from "../../../cli/commands/audit-export.ts";
import { auditVerify } from "../../../cli/commands/audit-verify.ts";
import { Failure } from "../../../cli/failures/failure.ts";
import type { AuditEvent } from "../../../shared/domain/requests/audit-event.ts";
import { fakeTerminal } from "../fake-terminal.ts";
import { idOf } from "../sample-requests.ts";
import { reportApi, type Story } from "./report-world.ts";

const on = (day: number) => `2026-10-0${day}T10:00:00.000Z`;
const STORIES: readonly Story[] = [
  { number: 1, at: on(1) },
  { number: 2, at: on(2), cluster: "staging" },
  { number: 3, at: on(3), requester: "erin", approver: "alice" },
  { number: 4, at: on(4), requester: "erin", cluster: "staging", approver: "policy" },
];
const PERIOD = { from: "2026-10-01T00:00:00.000Z", to: "2026-11-01T00:00:00.000Z" };

let folder: string;
let out: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "timelatch-selected-"));
  out = path.join(folder, "q4.ndjson");
});
afterEach(() => rmSync(folder, { recursive: true }));

/** As the API of a deployment with `prod` and `spare`, and with alice, bob and zoe. */
function api(size = 1_000) {
  const record = reportApi(STORIES, [], size);
  const send = async <Answer>(call: Call): Promise<Answer> => {
    if (call.path === "/v1/clusters")
      return { clusters: [{ name: "prod" }, { name: "spare" }] } as Answer;
    const [, person] = /^\/v1\/people\/(.+)\/access$/.exec(call.path) ?? [];
    if (person === undefined) return record.send<Answer>(call);
    if (["alice", "bob", "zoe"].includes(person)) return {} as Answer;
    const words = {
      what: "There is nobody.",
      notDone: "Nothing was read.",
      next: ["Next: look."],
    } as const;
    throw new Failure("notFound", "person-not-found", words);
  };
  return { address: record.address, send };
}

async function idsOf(options: AuditExportOptions, size?: number) {
  const wanted = { ...PERIOD, out, overwrite: true, ...options } as const;
  await auditExport(fakeTerminal({ api: api(size) }).context, wanted);
  const lines = readFileSync(out, "utf8").split("\n").filter(Boolean);
  return [...new Set(lines.map((line) => (JSON.parse(line) as AuditEvent).requestId))];
}

describe("timelatch audit export of one cluster or person", () => {
  it.each([
    ["one cluster", { cluster: "staging" }, [2, 4]],
    ["a person who asked and approved", { person: "alice" }, [1, 2, 3]],
    ["a person who approved only", { person: "bob" }, [1, 2]],
    ["a cluster and a person", { cluster: "staging", person: "erin" }, [4]],
    ["a cluster of access.yaml on which nothing was asked", { cluster: "spare" }, []],
    ["a person of access.yaml who did nothing", { person: "zoe" }, []],
  ])("An export has the whole requests of %s, and no other", async (_what, options, wanted) => {
    expect(await idsOf(options)).toEqual(wanted.map(idOf));
    expect(await idsOf(options, 2)).toEqual(wanted.map(idOf));
    const { parameters, requests } = JSON.parse(readFileSync(`${out}.manifest.json`, "utf8"));
    expect(parameters).toMatchObject(options);
    expect(requests).toBe(wanted.length);
    if (wanted.length > 0) await auditVerify(fakeTerminal().context, [out]);
  });

  it("A request whose approver did so before the time asked for is among theirs", async () => {
    expect(await idsOf({ from: "2026-10-01T10:30:00.000Z", person: "bob" })).toEqual(
      [1, 2].map(idOf),
    );
  });

  it.each([
    ["cluster", { cluster: "prdo" }, "unknown-cluster", "prod, spare, staging"],
    ["person", { person: "timelatch" }, "unknown-person", "as access.yaml has it"],
  ])(
    "A %s that was never there is refused, and nothing is written",
    async (_what, options, code, next) => {
      const failing = idsOf(options);
      await expect(failing).rejects.toMatchObject({ code, exit: "usage" });
      const said = await failing.catch((error: Failure) => error.text.next.join(" "));
      expect(said).toContain(next);
      expect(readdirSync(folder)).toEqual([]);
    },
  );

  it("OCSF, which has findings about everybody, is refused for one cluster or person", async () => {
    await expect(idsOf({ cluster: "prod", format: "ocsf" })).rejects.toMatchObject({
      code: "usage",
    });
    expect(readdirSync(folder)).toEqual([]);
  });
});
