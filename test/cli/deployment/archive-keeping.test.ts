/** The sentences of `timelatch deploy` about the archive, before it asks. */
import { describe, expect, it } from "vitest";
import { deploy } from "../../../cli/commands/deploy.ts";
import { archiveChange, archiveText } from "../../../cli/deployment/archive-keeping.ts";
import type { Template } from "../../../cli/deployment/assembly.ts";
import { fakeTerminal, typist } from "../fake-terminal.ts";
import { complete, deployAll, fakeDeployment, STACKS } from "./fake-deployment.ts";

const kept = (Mode: string, Days: number): Template => ({
  Resources: {
    ArchiveBucket: {
      Type: "AWS::S3::Bucket",
      Properties: { ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode, Days } } } },
    },
    Other: { Type: "AWS::S3::Bucket", Properties: {} },
  },
});
const said = (before: Template | undefined, after: Template) =>
  archiveText(archiveChange(before, after));

describe("The words about the archive", () => {
  it("A new one in COMPLIANCE: nobody can delete it, for how long, its contents, and the setting for a trial", () => {
    expect(said(undefined, kept("COMPLIANCE", 2_557))).toMatch(
      /nobody can delete, the root user .* for 2,557 days, .*names, reasons and decisions.*mode: GOVERNANCE, days: 30/,
    );
  });

  it("A new one in GOVERNANCE: who can delete it all the same, and the setting for production", () => {
    const text = said(undefined, kept("GOVERNANCE", 1));
    expect(text).toMatch(/for 1 day; only who has s3:BypassGovernanceRetention.*mode: COMPLIANCE/);
    expect(text).not.toContain("nobody");
  });

  it.each([
    [
      "longer",
      kept("GOVERNANCE", 30),
      kept("GOVERNANCE", 60),
      /new objects for 60 days in GOVERNANCE\. Those that are there have 30 days in GOVERNANCE/,
    ],
    [
      "shorter",
      kept("COMPLIANCE", 60),
      kept("COMPLIANCE", 30),
      /for 30 days in COMPLIANCE\. Nobody can delete the new ones.*60 days in COMPLIANCE: nobody can delete them before\. No change makes that shorter/,
    ],
    [
      "to COMPLIANCE",
      kept("GOVERNANCE", 30),
      kept("COMPLIANCE", 30),
      /Nobody can delete the new ones before that time\. Those that are there have 30 days in GOVERNANCE/,
    ],
    [
      "from COMPLIANCE",
      kept("COMPLIANCE", 30),
      kept("GOVERNANCE", 30),
      /new objects for 30 days in GOVERNANCE\. Those that are there have 30 days in COMPLIANCE: nobody/,
    ],
  ])(
    "A change %s: it is for new objects, and the others keep their retention",
    (_how, before, after, text) => {
      expect(said(before, after)).toMatch(text);
    },
  );

  it("Nothing is said if it is kept as before, or if a stack has no archive", () => {
    expect(said(kept("GOVERNANCE", 30), kept("GOVERNANCE", 30))).toBe("");
    expect(said(undefined, {})).toBe("");
    expect(said(kept("GOVERNANCE", 30), {})).toBe("");
  });
});

describe("timelatch deploy with an archive", () => {
  const withArchive = (template: Template) => ({
    ...STACKS,
    Timelatch: {
      ...STACKS["Timelatch"],
      account: "111122223333",
      template: { ...template, Metadata: STACKS["Timelatch"]?.template.Metadata ?? {} } as Template,
    },
  });

  it("It is said before the question, and a no deploys nothing", async () => {
    const at = fakeDeployment({ stacks: withArchive(kept("COMPLIANCE", 2_557)) });
    const person = typist();
    const terminal = fakeTerminal({ interactive: true, prompt: person.prompt });
    const asked = deploy(terminal.context, at.folder, {}, at).catch((error: unknown) => error);
    await person.answer("Deploy 3 stacks", "n");
    expect(await asked).toMatchObject({ code: "not-confirmed" });
    expect(terminal.err().replaceAll(/\s+/g, " ")).toContain("a bucket that nobody can delete");
    expect(at.ran.some((line) => line.startsWith("cdk deploy"))).toBe(false);
  });

  it("As data it has how new objects were kept and are kept, or null where nothing changes", async () => {
    const stacks = withArchive(kept("COMPLIANCE", 30));
    const cdk: Parameters<typeof fakeDeployment>[0] = {
      stacks,
      cdk: (deployed) => {
        deployAll(deployed);
        deployed.set("Timelatch", complete(stacks.Timelatch.template));
        return 0;
      },
    };
    const at = fakeDeployment(cdk);
    at.deployed.set("Timelatch", complete(kept("GOVERNANCE", 30)));
    const run = async () => {
      const terminal = fakeTerminal({ json: true });
      await deploy(terminal.context, at.folder, { yes: true }, at);
      return JSON.parse(terminal.out()).archive;
    };
    expect(await run()).toEqual({
      before: { mode: "GOVERNANCE", days: 30 },
      after: { mode: "COMPLIANCE", days: 30 },
    });
    expect(await run()).toBeNull();
  });
});
