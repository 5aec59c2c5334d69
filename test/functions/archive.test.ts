/** One invocation of archive. How it archives and seals are use cases, and other tests cover them. */
import { beforeEach, describe, expect, it } from "vitest";
import { contextWith, standIns } from "./loaded-function.ts";

const PORTS = { name: "the ports", policy: { hash: "the hash" } };
const CONTRADICTIONS = [
  { chain: "request a", seq: 1 },
  { chain: "request b", seq: 2 },
];

const REFUSED = ["seals/2099-01-01.json"];
const FOREIGN = ["EVID#r1 x"];
const LOST = ["STANDING#prod 7"];

let contradictions = CONTRADICTIONS;
let isNewPolicy = true;
let during: (isTimeUp: () => boolean) => void = () => undefined;
const calls: unknown[] = [];
const called = (name: string, ports: unknown) => calls.push([name, ports === PORTS]);
const said = standIns({
  "aws/archive-composition": { archivePorts: () => PORTS },
  "usecases/evidence/archive": {
    archive: async (ports: unknown, isTimeUp: () => boolean) => {
      called("archive", ports);
      during(isTimeUp);
      const counts = { hours: 3, records: 70, sealed: ["2026-11-24"], more: false };
      return { ...counts, contradictions, refused: REFUSED, foreign: FOREIGN, lost: LOST };
    },
  },
  "usecases/evidence/archive-policy": {
    archivePolicy: async (ports: unknown) => {
      called("archivePolicy", ports);
      return isNewPolicy;
    },
  },
  "usecases/evidence/publish-seals": {
    publishSeals: async (ports: unknown) => {
      called("publishSeals", ports);
      return ["2026-11-23"];
    },
  },
});
const { handler } = await import("../../functions/archive.ts");
const invoke = (millisLeft = () => 900_000) => handler({} as never, contextWith(millisLeft));

beforeEach(() => {
  contradictions = CONTRADICTIONS;
  isNewPolicy = true;
  during = () => undefined;
  for (const list of [calls, said.lines, said.reported]) list.length = 0;
});

describe("An invocation of archive", () => {
  it("It begins no other hour or day with less than two minutes left", async () => {
    let left = 0;
    const answers: boolean[] = [];
    during = (isTimeUp) => {
      for (left of [900_000, 120_000, 119_999]) answers.push(isTimeUp());
    };
    await invoke(() => left);
    expect(answers).toEqual([false, false, true]);
  });

  it("It archives, keeps the policy and publishes seals, and logs each", async () => {
    await invoke();
    expect(calls).toEqual([
      ["archive", true],
      ["archivePolicy", true],
      ["publishSeals", true],
    ]);
    const archived = {
      hours: 3,
      records: 70,
      sealed: ["2026-11-24"],
      contradictions: 2,
      refused: 1,
      foreign: 1,
      lost: 1,
    };
    expect(said.lines.filter(({ level }) => level === "info")).toEqual([
      { level: "info", message: "archived", facts: { ...archived, more: false } },
      { level: "info", message: "policy kept", facts: { hash: "the hash" } },
      { level: "info", message: "seals published", facts: { days: ["2026-11-23"] } },
    ]);
  });

  it("A policy that was kept before is not logged", async () => {
    isNewPolicy = false;
    await invoke();
    expect(said.lines.map(({ message }) => message)).not.toContain("policy kept");
  });

  it("Each chain that went back is logged as an error, and all are counted", async () => {
    await invoke();
    expect(said.lines.filter(({ message }) => message === "a chain went back")).toEqual(
      CONTRADICTIONS.map((facts) => ({ level: "error", message: "a chain went back", facts })),
    );
    expect(said.reported).toEqual([{ ChainWentBack: 5 }]);
  });

  it("Each object that archive did not write is logged as an error, by its key", async () => {
    await invoke();
    expect(said.lines.filter(({ message }) => message === "not written by archive")).toEqual([
      { level: "error", message: "not written by archive", facts: { key: REFUSED[0] } },
    ]);
  });

  it("Each reading whose content is gone is logged as an error, by its record", async () => {
    await invoke();
    expect(said.lines.filter(({ message }) => message === "a reading without its content")).toEqual(
      [{ level: "error", message: "a reading without its content", facts: { reading: LOST[0] } }],
    );
  });

  it("Each item that is no record in its place is logged as an error, by its key", async () => {
    await invoke();
    expect(said.lines.filter(({ message }) => message === "no record in its place")).toEqual([
      { level: "error", message: "no record in its place", facts: { key: FOREIGN[0] } },
    ]);
  });
});
