import { describe, expect, it } from "vitest";
import { readPanOutput } from "../../../lab/model/check.ts";

const EXHAUSTIVE = `
(Spin Version 6.5.2 -- 6 December 2019)
	+ Partial Order Reduction
	+ Compression

Full statespace search for:
	never claim         	- (none specified)

State-vector 60 byte, depth reached 220, errors: 0
  5021724 states, stored
 11002211 states, matched
 16023935 transitions (= stored+matched)

  432.529	total actual memory usage

pan: elapsed time 5.14 seconds
`;

describe("the output of a verifier", () => {
  it("a verifier's output holds where every history was searched and none is an error", () => {
    expect(readPanOutput(EXHAUSTIVE)).toEqual({
      result: "holds",
      states: 5_021_724,
      depth: 220,
      megabytes: 432.529,
    });
  });

  it("a counterexample refutes the claim, although the search ends with it", () => {
    const text = `pan:1: assertion violated 0 (at depth 80)\nWarning: Search not completed\n${EXHAUSTIVE.replace("errors: 0", "errors: 1")}`;
    expect(readPanOutput(text).result).toBe("refuted");
  });

  it("the states of a search for cycles count once", () => {
    const text = EXHAUSTIVE.replace("states, stored", "states, stored (4.38891e+07 visited)");
    expect(readPanOutput(text).states).toBe(5_021_724);
  });

  it.each([
    "error: max search depth too small",
    "pan: reached -DMEMLIM bound",
    "pan: out of memory",
    "Warning: Search not completed",
    "Bit statespace search for:",
    "Hash-Compact 4 search for:",
  ])("an output shows nothing where the search met a limit: %s", (line) => {
    expect(readPanOutput(`${line}\n${EXHAUSTIVE}`).result).toBe("incomplete");
  });

  it("an output that does not say how many errors there are shows nothing", () => {
    expect(readPanOutput("Killed\n")).toMatchObject({ result: "incomplete", limit: "Killed" });
  });
});
