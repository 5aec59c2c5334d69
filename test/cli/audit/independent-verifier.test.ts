/** The verifier in Python, written from docs/audit.md, agrees with the command. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { auditVerifyAny } from "../../../cli/commands/audit-verify-any.ts";
import { Failure } from "../../../cli/failures/failure.ts";
import { fakeTerminal } from "../fake-terminal.ts";
import { bytesOf, numbersFrom, smallArchive, tamperedWith } from "./small-archive.ts";

const DOCS = path.resolve(import.meta.dirname, "../../../docs");
const VECTORS = path.join(DOCS, "audit-vectors");
const TODAY = "2026-12-24";
const TAMPERINGS = 300;

/** Runs the verifier over many folders in one process, and keeps the signatures that it has checked. */
const DRIVER = `
import functools, json, sys
sys.path.insert(0, sys.argv[1])
import verify_archive as own
own.is_signed = functools.lru_cache(maxsize=None)(own.is_signed)
pem = own.read(sys.argv[2])
folders = json.load(sys.stdin)
print(json.dumps([own.faults_of(folder, pem, sys.argv[3]) for folder in folders]))
`;

const byPython = (folders: readonly string[], key: string): readonly (readonly string[])[] =>
  JSON.parse(
    execFileSync("python3", ["-B", "-c", DRIVER, DOCS, key, TODAY], {
      input: JSON.stringify(folders),
      encoding: "utf8",
      maxBuffer: 64 * 1_024 * 1_024,
    }),
  );

/** Whether the command finds no fault. */
async function holdsByCommand(folder: string, key: string): Promise<boolean> {
  const { context } = fakeTerminal({});
  const now = () => `${TODAY}T00:00:00.000Z`;
  try {
    await auditVerifyAny({ ...context, now }, [folder], { key });
    return true;
  } catch (error) {
    if (error instanceof Failure && error.exit === "unverified") return false;
    throw error;
  }
}

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "timelatch-independent-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function written(name: string, files: ReadonlyMap<string, string>): string {
  const place = path.join(folder, name);
  for (const [file, text] of files) {
    mkdirSync(path.dirname(path.join(place, file)), { recursive: true });
    writeFileSync(path.join(place, file), bytesOf(file, text));
  }
  return place;
}

describe("The independent verifier", () => {
  const key = path.join(VECTORS, "public.pem");
  const expected = JSON.parse(
    readFileSync(path.join(VECTORS, "expected.json"), "utf8"),
  ) as Readonly<Record<string, boolean>>;

  it("Every test vector has an expectation, and two of them hold", () => {
    const folders = readdirSync(VECTORS, { withFileTypes: true }).filter((one) =>
      one.isDirectory(),
    );
    expect(folders.map(({ name }) => name).sort()).toEqual(Object.keys(expected).sort());
    expect(Object.values(expected).filter(Boolean)).toHaveLength(2);
  });

  it.each(Object.keys(expected))("It says of the vector %s what the command says", async (name) => {
    const place = path.join(VECTORS, name);
    const [faults] = byPython([place], key);
    expect(faults?.length === 0).toBe(expected[name]);
    expect(await holdsByCommand(place, key)).toBe(expected[name]);
  });

  it(`It agrees with the command on ${TAMPERINGS} tampered archives, and each is found`, async () => {
    const { files, publicPem } = await smallArchive();
    const pem = path.join(folder, "public.pem");
    writeFileSync(pem, publicPem);
    const next = numbersFrom("tampering");
    const folders = [written("whole", files)];
    for (let at = 0; at < TAMPERINGS; at += 1)
      folders.push(written(`tampered-${at}`, tamperedWith(files, next)));
    const found = byPython(folders, pem);
    expect(found[0]).toEqual([]);
    const unseen: string[] = [];
    for (const [at, place] of folders.entries()) {
      const holds = await holdsByCommand(place, pem);
      const agrees = holds === (found[at]?.length === 0);
      if (!agrees || holds !== (at === 0))
        unseen.push(
          `${path.basename(place)}: ${holds} by the command, ${found[at]?.[0] ?? "holds"}`,
        );
    }
    expect(unseen).toEqual([]);
  });
});
