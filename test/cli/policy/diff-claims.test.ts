/** `timelatch policy diff` and the claims in `access.test.yaml` beside each policy. */
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type PolicyFolder, policyFolder, SAMPLE } from "./policy-folder.ts";

let folder: PolicyFolder;
beforeAll(() => {
  folder = policyFolder();
});
afterAll(() => folder.remove());

let versions = 0;
/** A policy with these claims beside it; without a file of claims where there are no claims. */
function version(tests: string | undefined, policy = SAMPLE): string {
  versions += 1;
  const dir = path.join(path.dirname(folder.write("marker", "")), String(versions));
  mkdirSync(dir);
  writeFileSync(path.join(dir, "access.yaml"), policy);
  if (tests !== undefined) writeFileSync(path.join(dir, "access.test.yaml"), tests);
  return path.join(dir, "access.yaml");
}

async function claimsOf(before: string | undefined, after: string | undefined) {
  const files = [version(before), version(after)];
  const { code, out } = await folder.policy("diff", ...files);
  expect(code).toBe(0);
  const [title, ...lines] = out.trim().split("\n");
  return title === "Claims" ? lines.map((line) => line.replace(/^ {2}- /, "")) : out;
}

const CLAIM = `version: 1
never:
  - name: nobody alone changes payments
    reach: { cluster: prod, policy: AmazonEKSEditPolicy }
    people: 2
`;

it.each([
  [
    "a claim that is gone",
    "version: 1\nnever:\n  - name: more\n    decides: { people: [mallory] }\n",
    ["The claim nobody alone changes payments is gone."],
  ],
  [
    "a file of claims that is gone",
    undefined,
    ["The claim nobody alone changes payments is gone."],
  ],
  [
    "a new exception",
    `${CLAIM}    except: [{ rule: break-glass }]\n`,
    ['The claim nobody alone changes payments has a new exception: {"rule":"break-glass"}.'],
  ],
  [
    "another number of people",
    CLAIM.replace("people: 2", "people: 1"),
    ["The claim nobody alone changes payments has people 1 now, and had 2."],
  ],
  [
    "a part that is gone",
    CLAIM.replace("    people: 2\n", ""),
    ["The claim nobody alone changes payments has no people any more: it was 2."],
  ],
  [
    "a part that is new",
    `${CLAIM}    standing: true\n`,
    ["The claim nobody alone changes payments has standing true now."],
  ],
  [
    "a time, as somebody writes it",
    CLAIM.replace("people: 2", "people: 2\n    unattended: 8h"),
    ["The claim nobody alone changes payments has unattended 8h now."],
  ],
  [
    "a group whose rights are assumed",
    `${CLAIM}groups: { eks-readers: AmazonEKSViewPolicy }\n`,
    [
      "Claims now assume that the Kubernetes group eks-readers has at most the rights of AmazonEKSViewPolicy.",
    ],
  ],
])("It begins with %s", async (_, after, sentences) => {
  expect(await claimsOf(CLAIM, after)).toEqual(sentences);
});

it.each([
  ["the same claims", CLAIM],
  [
    "a claim with another name",
    CLAIM.replace("nobody alone changes payments", "two change payments"),
  ],
  ["a claim that is new", `${CLAIM}  - name: more\n    decides: { people: [mallory] }\n`],
])("It says nothing of %s", async (_, after) => {
  expect(await claimsOf(CLAIM, after)).toContain("Nothing changes");
});

it("An exception that was there before is no new one", async () => {
  const excepted = `${CLAIM}    except: [{ rule: break-glass }]\n`;
  expect(await claimsOf(excepted, excepted)).toContain("Nothing changes");
  expect(await claimsOf(undefined, CLAIM)).toContain("Nothing changes");
});

it("In JSON the claims are null where the claims of a policy are not known", async () => {
  const compared = async (before: string, after: string) =>
    JSON.parse((await folder.policy("diff", before, after, "--json")).out).claims;
  const before = version(CLAIM);
  expect((await compared(before, version(undefined))).gone).toEqual([
    "nobody alone changes payments",
  ]);
  expect(await compared(before, folder.write("draft.yaml", SAMPLE))).toBeNull();
  expect(await compared(version(undefined), version(undefined))).toBeNull();
});
