/** One invocation of witness. How it judges an archive is a use case, and other tests cover it. */
import { generateKeyPairSync } from "node:crypto";
import { beforeEach, describe, expect, it } from "vitest";
import { contextWith, standIns } from "./loaded-function.ts";

const { publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const CONFIG = {
  sealPublicKey: publicKey.export({ type: "spki", format: "pem" }).toString(),
  witnessName: "auditors.example",
};
const PORTS = { clock: { now: () => "2026-11-26T10:00:00.000Z" } };
let found: object = {};
const asked: unknown[] = [];
const said = standIns({
  config: { witnessConfig: () => CONFIG },
  "aws/witness-composition": { witnessPorts: () => PORTS },
  "usecases/evidence/witness-archive": {
    witnessArchive: async (_ports: unknown, { name }: { name: string }) => {
      asked.push(name);
      return found;
    },
    isBehind: (report: { until?: string }) => report.until !== "2026-11-25",
  },
});
const { handler } = await import("../../functions/witness.ts");
const invoke = () =>
  handler(
    {} as never,
    contextWith(() => 900_000),
  );

beforeEach(() => {
  for (const list of [asked, said.lines, said.reported]) list.length = 0;
});

describe("An invocation of witness", () => {
  it("It says what it witnessed, under its own name, and that a run went well", async () => {
    found = { state: "cosigned", seals: 3, until: "2026-11-25" };
    await invoke();
    expect(asked).toEqual(["auditors.example"]);
    expect(said.lines).toEqual([
      { level: "info", message: "witnessed", facts: { ...found, behind: false } },
    ]);
    expect(said.reported).toEqual([{ Witnessed: 1 }]);
  });

  it("It reports a refusal with its reason, and no run that went well", async () => {
    found = { state: "refused", why: "The day 2026-11-25 has two seals." };
    await invoke();
    expect(said.lines).toEqual([
      {
        level: "error",
        message: "not cosigned",
        facts: { why: "The day 2026-11-25 has two seals." },
      },
    ]);
    expect(said.reported).toEqual([{ WitnessRefused: 1 }]);
  });

  it("An archive that is behind is logged, and reported as no run that went well", async () => {
    found = { state: "unchanged", seals: 1, until: "2026-11-20" };
    await invoke();
    expect(said.lines).toEqual([
      { level: "info", message: "witnessed", facts: { ...found, behind: true } },
    ]);
    expect(said.reported).toEqual([]);
  });
});
