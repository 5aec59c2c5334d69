import { generateKeyPairSync, sign } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { auditVerifyAny } from "../../../cli/commands/audit-verify-any.ts";
import { auditWitness } from "../../../cli/commands/audit-witness.ts";
import { Failure } from "../../../cli/failures/failure.ts";
import {
  cosignedMessage,
  noteOf,
  readNote,
} from "../../../shared/domain/evidence/archive/checkpoint.ts";
import type { SealedDay } from "../../../shared/domain/evidence/archive/seal.ts";
import { fakeTerminal } from "../fake-terminal.ts";
import { runHere } from "../run-timelatch.ts";
import { bytesOf, forkedArchives, type SmallArchive } from "./small-archive.ts";

const NOW = "2026-12-24T10:00:00.000Z";
/** One key sealed two archives of the same days, with other records. */
const [OURS, FORKED] = await forkedArchives();
const WITNESS = generateKeyPairSync("ed25519");

let folder: string;
const at = (...names: readonly string[]) => path.join(folder, ...names);
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "timelatch-witness-"));
  write("ours", OURS);
  write("forked", FORKED);
  writeFileSync(at("public.pem"), OURS.publicPem);
  const pem = { private: WITNESS.privateKey, public: WITNESS.publicKey };
  writeFileSync(at("own.pem"), pem.private.export({ type: "pkcs8", format: "pem" }));
  writeFileSync(at("witness.pem"), pem.public.export({ type: "spki", format: "pem" }));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** @param days how many seals it has */
function write(name: string, { files }: SmallArchive, days = 3): void {
  rmSync(at(name), { recursive: true, force: true });
  const seals = [...files.keys()].filter((file) => file.startsWith("seals/")).sort();
  for (const [file, text] of files) {
    if (seals.indexOf(file) >= days) continue;
    mkdirSync(path.dirname(at(name, file)), { recursive: true });
    writeFileSync(at(name, file), bytesOf(file, text));
  }
}

const terminal = () => {
  const made = fakeTerminal({ columns: Number.POSITIVE_INFINITY });
  return { ...made, context: { ...made.context, now: () => NOW } };
};

async function witness(archive: string, more: Partial<Parameters<typeof auditWitness>[2]> = {}) {
  const { context, out } = terminal();
  const options = { key: at("public.pem"), sign: at("own.pem"), name: "auditors.example" };
  await auditWitness(context, [at(archive)], { ...options, checkpoint: at("checkpoint"), ...more });
  return out();
}

async function verify(archive: string, witnessKey = at("witness.pem")) {
  const { context, out } = terminal();
  const options = { key: at("public.pem"), witness: at("checkpoint"), witnessKey };
  await auditVerifyAny(context, [at(archive)], options);
  return out();
}

const failure = async (work: Promise<unknown>) => {
  const error = await work.then(
    () => expect.unreachable("It did not fail."),
    (one: unknown) => one,
  );
  if (!(error instanceof Failure)) throw error;
  return `${error.exit}: ${error.message}`;
};

describe("timelatch audit witness", () => {
  it("It cosigns an archive for the first time, and again when days were added", async () => {
    write("ours", OURS, 2);
    expect(await witness("ours")).toContain(
      "2 seals up to 2026-11-24 are cosigned for the first time",
    );
    write("ours", OURS);
    expect(await witness("ours")).toContain("3 seals up to 2026-11-25 extend the last checkpoint");
    expect(await verify("ours")).toContain(
      "auditors.example cosigned the 3 seals up to 2026-11-25, at 2026-12-24T10:00:00.000Z",
    );
  });

  it("A day that was sealed again, by the same key, is not cosigned, and the checkpoint stays", async () => {
    await witness("ours");
    const before = readFileSync(at("checkpoint"), "utf8");
    expect(await failure(witness("forked"))).toMatch(/^unverified: .*does not extend/);
    write("ours", OURS, 2);
    expect(await failure(witness("ours"))).toContain("has 3 seals, and the archive has 2");
    expect(readFileSync(at("checkpoint"), "utf8")).toBe(before);
  });

  it("A seal that does not hold is not cosigned", async () => {
    const [name, text] = [...OURS.files].find(([file]) => file.startsWith("seals/")) ?? ["", ""];
    const sealed = JSON.parse(text) as SealedDay;
    const edited = JSON.stringify({ ...sealed, seal: { ...sealed.seal, counts: { x: 1 } } });
    writeFileSync(at("ours", name), edited);
    expect(await failure(witness("ours"))).toContain("A seal is at fault");
    expect(existsSync(at("checkpoint"))).toBe(false);
  });

  it("A checkpoint of another witness, a strange file, name or key is refused by name", async () => {
    await witness("ours");
    const other = generateKeyPairSync("ed25519").privateKey;
    writeFileSync(at("other.pem"), other.export({ type: "pkcs8", format: "pem" }));
    expect(await failure(witness("ours", { sign: at("other.pem") }))).toContain(
      "Another key cosigned",
    );
    expect(await failure(witness("ours", { sign: at("public.pem") }))).toContain(
      "not a private key",
    );
    expect(await failure(witness("ours", { name: "a b" }))).toContain("--name");
    writeFileSync(at("checkpoint"), "nothing");
    expect(await failure(witness("ours"))).toContain("is not a checkpoint");
  });
});

describe("timelatch audit verify --witness", () => {
  it("Two archives that one key sealed both verify, and the witness tells which was cosigned", async () => {
    await witness("ours");
    expect(await verify("ours")).toContain("these are the same");
    const { context } = terminal();
    await auditVerifyAny(context, [at("forked")], { key: at("public.pem") });
    expect(await failure(verify("forked"))).toMatch(/^unverified/);
  });

  it("Of an old checkpoint it says how many later seals nobody cosigned", async () => {
    write("ours", OURS, 1);
    await witness("ours");
    write("ours", OURS);
    expect(await verify("ours")).toContain("these are the same. Not cosigned: 2 later seals.");
    await witness("ours");
    expect(await verify("ours")).not.toContain("Not cosigned");
  });

  it.each([
    ["is far beyond any clock", Number.MAX_SAFE_INTEGER],
    ["is the last one that a clock can show", 8_640_000_000_000],
  ])("A checkpoint whose time %s is no failure of ours", async (_, time) => {
    await witness("ours");
    const note = readNote(readFileSync(at("checkpoint"), "utf8")) ?? expect.fail("No checkpoint.");
    const message = Buffer.from(cosignedMessage(note.checkpoint, time));
    const signature = sign(null, message, WITNESS.privateKey).toString("hex");
    writeFileSync(at("checkpoint"), noteOf({ ...note, time, signature }));
    if (time === Number.MAX_SAFE_INTEGER)
      expect(await failure(verify("ours"))).toMatch(/^usage: .*is not a checkpoint/);
    else expect(await verify("ours")).toContain("at +275760-09-13T00:00:00.000Z");
  });

  it("A checkpoint that the named key did not cosign proves nothing", async () => {
    await witness("ours");
    const other = generateKeyPairSync("ed25519").publicKey;
    writeFileSync(at("other.pem"), other.export({ type: "spki", format: "pem" }));
    expect(await failure(verify("ours", at("other.pem")))).toMatch(/^unverified/);
    const { context } = terminal();
    const alone = auditVerifyAny(context, [at("ours")], { key: at("public.pem"), witness: "x" });
    expect(await failure(alone)).toContain("--witness and --witness-key go together");
  });

  it("Of two witnesses in one run, no fork goes unseen: it takes one, and says how the other is asked", async () => {
    await witness("ours");
    const forked = ["--witness", at("of-the-fork"), "--witness-key", at("witness.pem")];
    await witness("forked", { checkpoint: at("of-the-fork") });
    const ours = ["--witness", at("checkpoint"), "--witness-key", at("witness.pem")];
    const args = ["audit", "verify", at("ours"), "--key", at("public.pem"), ...forked, ...ours];
    const { code, err } = await runHere(args);
    expect(code).toBe(2);
    expect(err).toContain("Name one, and run it once more for each other.");
  });
});
