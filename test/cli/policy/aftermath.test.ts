/**
 * The output of `timelatch policy check` and `diff` about parts that leave a policy while access
 * may be lent.
 */
import { writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { assemblyRecordFile, recordText } from "../../../shared/policy-file/assembly-record.ts";
import { editedSample, type PolicyFolder, policyFolder, SAMPLE } from "./policy-folder.ts";

let folder: PolicyFolder;
beforeAll(() => {
  folder = policyFolder();
});
afterAll(() => folder.remove());

const OLD = "arn:aws:eks:us-west-2:444455556666:cluster/old";
const withOld = (more: string) =>
  editedSample(["\n# How people", `\n  old: { arn: "${OLD}"${more} }\n# How people`]);
const LENDS = withOld("");
const RETIRED = withOld(", retired: true");

/** The output and exit code of `policy diff`. */
async function diff(before: string, after: string) {
  const files = [folder.write("was.yaml", before), folder.write("is.yaml", after)];
  const { code, out, err } = await folder.policy("diff", ...files);
  return { code, out: out.replace(/\s+/g, " "), err: err.replace(/\s+/g, " ") };
}

describe("timelatch policy diff, of what is lent already", () => {
  it.each([
    ["a cluster that leaves while it lends", LENDS, SAMPLE, "cluster/old left the file"],
    [
      "a cluster that changes its ARN",
      SAMPLE,
      editedSample(["cluster/legacy", "cluster/new"]),
      "cluster/legacy left the file",
    ],
    [
      "another name of the deployment",
      SAMPLE,
      editedSample(["version: 1", "version: 1\ndeployment: staging"]),
      "The deployment is no longer called timelatch",
    ],
  ])("It fails for %s, and shows all the same what changes", async (_, before, after, said) => {
    const { code, out, err } = await diff(before, after);
    expect(code).toBe(11);
    expect(out).toContain(said);
    expect(out).toContain("Synthesis refuses that");
    expect(err).toContain("is.yaml cannot be deployed over the policy before it.");
    expect(err).toContain("retired: true");
  });

  it.each([
    ["a retired cluster that leaves", RETIRED, SAMPLE, "timelatch deploy asks the API first"],
    ["a cluster that retires", LENDS, RETIRED, "What is lent on cluster/old stays until its end."],
    [
      "a person who leaves",
      SAMPLE,
      editedSample([SAMPLE.slice(SAMPLE.indexOf("  heidi:"), SAMPLE.indexOf("# Admins")), ""]),
      "What is lent to heidi stays until its end, or until somebody revokes it.",
    ],
  ])("It says what becomes of access, of %s", async (_, before, after, said) => {
    const { code, out } = await diff(before, after);
    expect([code, out.includes(said)]).toEqual([0, true]);
  });
});

describe("timelatch policy check beside the last assembly", () => {
  const checked = (name: string, use: "lends" | "retired") => {
    const file = folder.write(name, SAMPLE);
    const record = { deployment: "timelatch", accounts: {}, groups: [], people: {} };
    writeFileSync(assemblyRecordFile(file), recordText({ ...record, clusters: { [OLD]: use } }));
    return folder.policy("check", file);
  };

  it("A cluster that left and was not retired is an error, at the key clusters", async () => {
    const { code, out } = await checked("left.yaml", "lends");
    expect(code).toBe(11);
    expect(out.replace(/\s+/g, " ")).toMatch(
      /left\.yaml:\d+:\d+: error: arn:\S+cluster\/old, the last one of account 444455556666, .+ \[left-while-lending\]/,
    );
  });

  it("One that was retired may leave", async () => {
    expect(await checked("retired.yaml", "retired")).toMatchObject({ code: 0 });
  });

  it("A record that cannot be read is refused", async () => {
    const file = folder.write("torn.yaml", SAMPLE);
    writeFileSync(assemblyRecordFile(file), "{");
    const { code, err } = await folder.policy("check", file);
    expect([code, err.includes("restore the file from version control")]).toEqual([11, true]);
  });
});
