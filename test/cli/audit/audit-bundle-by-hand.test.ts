import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { auditBundle } from "../../../cli/commands/audit-bundle.ts";
import { fakeTerminal } from "../fake-terminal.ts";
import {
  apiOf,
  confirmed,
  evidenceOf,
  findingsOf,
  ID,
  sealedDay,
  wholeLife,
  writeArchive,
} from "./bundle-world.ts";

const PAGE = path.resolve(import.meta.dirname, "../../../docs/audit.md");
const STORED = {
  ...wholeLife(),
  evidence: evidenceOf(ID, [confirmed("eks-1"), confirmed("eks-2"), confirmed("eks-3")]),
  findings: findingsOf(),
};

let folder: string;
beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "timelatch-by-hand-"));
  const terminal = fakeTerminal({ api: apiOf(STORED) });
  const archive = writeArchive(folder, [sealedDay(STORED)]);
  await auditBundle(terminal.context, ID, { out: path.join(folder, "bundle"), archive });
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Plays a script of docs/audit.md beside the bundle and the public key. */
function play(name: string): string {
  const marked = new RegExp(`<!-- bundle by hand: ${name} -->\\n\`\`\`bash\\n([\\s\\S]*?)\`\`\``);
  const [, script = ""] = marked.exec(readFileSync(PAGE, "utf8")) ?? [];
  return execFileSync("bash", ["-c", script], {
    cwd: folder,
    encoding: "utf8",
    env: { ...process.env, DAY: "2026-11-24" },
    stdio: ["ignore", "pipe", "ignore"],
  });
}

/** Somebody edits a file of the bundle. */
function edit(name: string, from: string, to: string): void {
  const file = path.join(folder, "bundle", name);
  writeFileSync(file, readFileSync(file, "utf8").replace(from, to));
}

describe("A bundle that is checked by hand, as docs/audit.md says", () => {
  it("Each record of a bundle holds by hand, and its history is one chain", () => {
    const lines = play("records").trimEnd().split("\n");
    expect(lines).toHaveLength(STORED.events.length + STORED.evidence.length + 1 + 1);
    expect(new Set(lines)).toEqual(
      new Set(["events: holds", "evidence: holds", "findings: holds", "one chain"]),
    );
  });

  it("An edited record of a bundle is named by hand", () => {
    edit("events.ndjson", '"actor":"bob"', '"actor":"eve"');
    const [edited, ...others] = play("records").match(/EDITED: .*/g) ?? [];
    expect(edited).toContain('"actor":"eve"');
    expect(others).toEqual([]);
  });

  it("The seal of a bundle is verified by hand, with the last record of both its chains", () => {
    const audit = `AUDIT#${ID} up to record 5, ${STORED.events.at(-1)?.hash}`;
    const evidence = `EVID#${ID} up to record 3, ${STORED.evidence.at(-1)?.hash}`;
    expect(play("seal").trimEnd().split("\n")).toEqual([
      "Verified OK",
      `leaf 0: ${audit}`,
      `leaf 3: ${evidence}`,
    ]);
  });

  it("A tip that the seal does not cover has no line by hand, and an edited seal does not verify", () => {
    edit("seals/2026-11-24.json", `"seq": 5`, `"seq": 4`);
    expect(play("seal")).not.toContain("AUDIT#");
    edit("seals/2026-11-24.json", `"size": 5`, `"size": 6`);
    expect(play("seal")).not.toContain("Verified OK");
  });
});
