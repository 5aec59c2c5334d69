/** A file that is not there: every command that takes a path says so plainly. */
import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { auditReport } from "../../../cli/commands/audit-report.ts";
import { Failure, failureText } from "../../../cli/failures/failure.ts";
import { buildProgram } from "../../../cli/program.ts";
import { reportApi } from "../audit/report-world.ts";
import { fakeTerminal } from "../fake-terminal.ts";
import { runHere } from "../run-timelatch.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "timelatch-missing-"));
  const sealing = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const own = generateKeyPairSync("ed25519");
  const as = { type: "spki", format: "pem" } as const;
  writeFileSync(path.join(folder, "key.pem"), sealing.publicKey.export(as));
  writeFileSync(
    path.join(folder, "own.pem"),
    own.privateKey.export({ type: "pkcs8", format: "pem" }),
  );
  writeFileSync(path.join(folder, "bundle.json"), "{}");
  writeFileSync(path.join(folder, "some.test.yaml"), "tests: []\n");
});
afterAll(() => rmSync(folder, { recursive: true }));

/** GONE is a path where nothing is, and HERE a folder with keys and half a bundle. */
const LINES = [
  "policy check GONE",
  "policy explain GONE --as alice -c prod -p edit -n a",
  "policy test GONE --against GONE",
  "policy test HERE/some.test.yaml --against GONE",
  "policy prove GONE --against GONE",
  "policy who GONE -c prod",
  "policy replay GONE --archive HERE",
  "policy suggest GONE --archive HERE",
  "policy diff GONE GONE",
  "doctor GONE",
  "synth GONE",
  "deploy GONE --yes",
  "destroy GONE --yes",
  "protect GONE",
  "restore GONE --table requests=timelatch",
  "people match GONE",
  "people sync --from-csv GONE --out HERE/people.yaml",
  "people sync --from-scim GONE --out HERE/people.yaml",
  "audit verify GONE",
  "audit verify GONE --key HERE/key.pem",
  "audit verify HERE --key GONE",
  "audit verify GONE/archive --key GONE",
  "reach --at 1h --archive GONE --key HERE/key.pem",
  "reach --at 1h --archive HERE --key GONE",
  "audit witness GONE --key HERE/key.pem --sign HERE/own.pem --name us --checkpoint HERE/new",
  "audit witness HERE --key GONE --sign HERE/own.pem --name us --checkpoint HERE/new",
  "audit witness HERE --key HERE/key.pem --sign GONE --name us --checkpoint HERE/new",
] as const;

const SYSTEM_WORDS = /\bE[A-Z]{4,}\b|no such file or directory|\bopen '|\bscandir\b|\bstat\b/;

describe("A path where nothing is", () => {
  it.each(LINES)(
    "timelatch %s says what is not there, what was not done, and what next",
    async (line) => {
      const gone = path.join(folder, "gone");
      const args = line
        .split(" ")
        .map((word) => word.replace("GONE", gone).replace("HERE", folder));
      const { code, out, err } = await runHere(args);
      expect(code).not.toBe(0);
      expect(out).toBe("");
      expect(err).toMatch(/^timelatch: Cannot read \S*gone\S*: there is no such file or folder\./);
      expect(err).toMatch(/Nothing was (?:done|verified|written|synthesized|changed|cosigned)/);
      expect(err).toMatch(/\n {2}Next: /);
      expect(err).not.toMatch(SYSTEM_WORDS);
    },
  );

  it("timelatch audit report names the file of CloudTrail that is not there", async () => {
    const { context } = fakeTerminal({ api: reportApi([]) });
    const options = { from: "2026-10-01", cloudtrail: [path.join(folder, "gone")] };
    const error = await auditReport(context, options).catch((failure: unknown) => failure);
    expect(error).toBeInstanceOf(Failure);
    const text = failureText(error as Failure, 500);
    expect(text).toMatch(/Cannot read \S*gone: there is no such file or folder\./);
    expect(text).not.toMatch(SYSTEM_WORDS);
  });

  it("Every command that takes a file or a folder as its argument is in the table", () => {
    const program = buildProgram(fakeTerminal().context.screen, {});
    const taking = program.commands
      .flatMap((one) => (one.commands.length > 0 ? [...one.commands] : [one]))
      .filter((one) => one.registeredArguments.some((each) => /file|folder/.test(each.name())))
      .map((one) => (one.parent === program ? one.name() : `${one.parent?.name()} ${one.name()}`));
    // It makes the folder.
    const missing = taking.filter(
      (name) => name !== "init" && !LINES.some((line) => line.startsWith(`${name} `)),
    );
    expect(missing).toEqual([]);
  });
});
