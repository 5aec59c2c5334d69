import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { keepingPolicies } from "../../../cli/policy/kept-policy.ts";
import { largeFile } from "../../../lab/bench/policy/large-file.ts";
import { locateAccessPolicy } from "../../../shared/policy-file/parse-access-policy.ts";
import { SAMPLE } from "./policy-folder.ts";

let base = "";
beforeEach(() => {
  base = mkdtempSync(path.join(tmpdir(), "timelatch-kept-"));
});
afterEach(() => rmSync(base, { recursive: true }));

const TEXT = largeFile(80);
const locate = (code = "a") => keepingPolicies({ XDG_CACHE_HOME: base }, code);
const folder = () => path.join(base, "timelatch", "policies");
const kept = () => readdirSync(folder());

/** Has what is kept say something that no file says, so that it is seen where it is read. */
function mark(): void {
  for (const name of kept()) {
    const file = path.join(folder(), name);
    const made = JSON.parse(readFileSync(file, "utf8"));
    writeFileSync(file, JSON.stringify({ ...made, policy: { ...made.policy, hash: "kept" } }));
  }
}

describe("A large policy that was read before", () => {
  it("It is as a fresh reading says, with the places of its parts", () => {
    const fresh = locateAccessPolicy(TEXT);
    for (const found of [locate()(TEXT), locate()(TEXT)]) {
      expect(found.policy).toEqual(fresh.policy);
      const fault = { path: ["rules", 7, "who"] };
      expect(found.placeOf(fault)).toEqual(fresh.placeOf(fault));
      expect([0, 7].map(found.saysReview)).toEqual([0, 7].map(fresh.saysReview));
    }
    expect(kept()).toHaveLength(1);
  });

  it("The same bytes are read once, and one other byte is read again", () => {
    locate()(TEXT);
    mark();
    expect(locate()(TEXT).policy.hash).toBe("kept");
    expect(locate()(`${TEXT} `).policy.hash).not.toBe("kept");
    expect(locate()(TEXT.replace("max: 4h", "max: 3h")).policy.hash).not.toBe("kept");
  });

  it("Another version of the command reads it again", () => {
    locate()(TEXT);
    mark();
    expect(locate("b")(TEXT).policy.hash).not.toBe("kept");
  });

  it("A change of the file that it includes is read again", () => {
    const people = (email: string) => ({
      file: "people.yaml",
      text: `version: 1\npeople: { zoe: { email: ${email}, groups: [group-1], identities: { slack: [T0001/UZOE] } } }`,
    });
    const text = TEXT.replace("people:\n", "people:\n  include: people.yaml\n");
    locate()(text, () => people("zoe@example.com"));
    mark();
    const read = (email: string) => locate()(text, () => people(email)).policy.hash;
    expect(read("zoe@example.com")).toBe("kept");
    expect(read("zed@example.com")).not.toBe("kept");
  });

  it("What is kept and cannot be read is read again, and so is what cannot be kept", () => {
    locate()(TEXT);
    for (const name of kept()) writeFileSync(path.join(folder(), name), "{");
    expect(locate()(TEXT).policy).toEqual(locateAccessPolicy(TEXT).policy);
    const nowhere = keepingPolicies({ XDG_CACHE_HOME: "/dev/null/x" }, "a");
    expect(nowhere(TEXT).policy.rules).toHaveLength(80);
  });

  it("A small one is not kept, and of many versions only the last eight are", () => {
    locate()(SAMPLE);
    expect(() => kept()).toThrow("ENOENT");
    for (let at = 0; at < 10; at += 1) locate(`version ${at}`)(TEXT);
    expect(kept()).toHaveLength(8);
  });
});
