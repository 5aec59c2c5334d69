import { describe, expect, it } from "vitest";
import { verdictsOn } from "../../../lab/chaos/judge/judgements.ts";
import type { Seen } from "../../../lab/chaos/judge/seen.ts";
import { settle } from "../../../lab/chaos/settle.ts";
import { CLEAN, GRANT } from "./clean-run.ts";

const options = (patienceMs: number) => ({
  progress: () => undefined,
  signal: new AbortController().signal,
  times: { lookEveryMs: 1, sayEveryMs: 15_000, patienceMs },
});
const REFUSED = new Error("503");
const open: Seen = {
  ...CLEAN,
  requests: [{ ...GRANT, request: { ...GRANT.request, state: "ending" } }],
};

/** Looks with these results, in order; the last one goes on. */
function looks(...results: readonly (Seen | Error)[]) {
  const left = [...results];
  return async () => {
    const next = left.length > 1 ? left.shift() : left[0];
    if (next instanceof Error) throw next;
    return next as Seen;
  };
}

describe("Waiting until a run has settled", () => {
  it("It waits until nothing is missing", async () => {
    expect(await settle(looks(open, open, CLEAN), options(5_000))).toBe(CLEAN);
  });

  it("A small run waits for no summary, which is not judged then", async () => {
    const over = { cluster: "prod", endedAt: "x", effectiveAt: "x" };
    const requests = [{ ...GRANT, request: { ...GRANT.request, ...over } }];
    const without: Seen = { ...CLEAN, requests };
    const small: Seen = { ...without, isSmall: true };
    expect(await settle(looks(without, CLEAN), options(5_000))).toBe(CLEAN);
    expect(await settle(looks(small, CLEAN), options(5_000))).toBe(small);
    expect(verdictsOn(small).map(({ name }) => name)).not.toContain("summaries");
  });

  it("A look that is refused is repeated, and loses no finding", async () => {
    expect(await settle(looks(open, REFUSED, REFUSED, CLEAN), options(5_000))).toBe(CLEAN);
  });

  it("A look that is refused for long is said", async () => {
    const said: string[] = [];
    const saying = {
      ...options(5_000),
      progress: (line: string) => said.push(line),
      times: { lookEveryMs: 1, sayEveryMs: 0, patienceMs: 5_000 },
    };
    await settle(looks(REFUSED, CLEAN), saying);
    expect(said).toEqual(["A look failed, and is repeated: Error: 503"]);
  });

  it("The last look is judged as it is, even if something is missing", async () => {
    expect(await settle(looks(open), options(20))).toBe(open);
  });

  it("Looks that are refused for ever end the run with what was answered", async () => {
    await expect(settle(looks(REFUSED), options(20))).rejects.toBe(REFUSED);
  });
});
