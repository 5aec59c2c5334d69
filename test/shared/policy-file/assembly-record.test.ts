/** The record of the last assembly, and what a synthesis makes of it. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { checkPolicy } from "../../../infra/synth/add-timelatch.ts";
import { peopleWithRoles } from "../../../infra/synth/people.ts";
import { assignStacks, readAssemblyRecord } from "../../../infra/synth/people-stacks.ts";
import { inRepository } from "../../../infra/synth/repository.ts";
import {
  assemblyRecordFile,
  clusterUses,
  groupAccounts,
  NO_ASSEMBLY,
} from "../../../shared/policy-file/assembly-record.ts";
import { SAMPLE } from "../../infra/broker.ts";

const HUB = "111122223333";
const SPOKE = "444455556666";
const OWN = `arn:aws:eks:us-west-2:${HUB}:cluster/own`;
const FAR = `arn:aws:eks:us-west-2:${SPOKE}:cluster/far`;
const FURTHER = `arn:aws:eks:eu-west-1:${SPOKE}:cluster/further`;

const root = mkdtempSync(path.join(tmpdir(), "timelatch-record-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

interface Clusters {
  readonly [arn: string]: { readonly retired?: boolean; readonly groups?: true };
}

/** A policy with these clusters. A rule lends groups on those that say so. */
const policyText = (clusters: Clusters, deployment?: string) => {
  const named = Object.entries(clusters).map(([arn, one], at) => ({ name: `c${at}`, arn, ...one }));
  return JSON.stringify({
    version: 1,
    ...(deployment ? { deployment } : {}),
    identity: { account: HUB },
    clusters: Object.fromEntries(named.map(({ name, arn, retired }) => [name, { arn, retired }])),
    people: {},
    rules: named
      .filter(({ groups }) => groups)
      .map(({ name }) => ({
        name,
        who: { groups: ["dev"] },
        clusters: [name],
        access: { groups: ["editors"] },
        duration: { max: "1h" },
        approval: "none",
      })),
  });
};

/** A folder with a policy, which is synthesized again and again. */
function policyFolder() {
  const file = path.join(mkdtempSync(path.join(root, "folder-")), "access.yaml");
  return {
    record: assemblyRecordFile(file),
    /** Runs a synthesis, with the files that it reads and keeps. @throws Error if it refuses */
    synthesize(clusters: Clusters, deployment?: string) {
      writeFileSync(file, policyText(clusters, deployment));
      const env = { account: HUB, region: "us-west-2" };
      const checked = checkPolicy(file, { env }, () => undefined);
      return { ...checked, isKept: checked.keepRecord() !== undefined };
    },
  };
}

const LENDS = { [OWN]: {}, [FAR]: {}, [FURTHER]: {} };

describe("The record of the last assembly", () => {
  it("It is written beside the policy where it changed, and read again", () => {
    const { record, synthesize } = policyFolder();
    expect(path.basename(record)).toBe("access.stacks.json");
    expect(readAssemblyRecord(record)).toEqual(NO_ASSEMBLY);
    const clusters = { [OWN]: {}, [FAR]: { groups: true }, [FURTHER]: { retired: true } } as const;
    expect(synthesize(clusters).isKept).toBe(true);
    expect(synthesize(clusters).isKept).toBe(false);
    expect(readAssemblyRecord(record)).toEqual({
      deployment: "timelatch",
      clusters: { [OWN]: "lends", [FAR]: "lends", [FURTHER]: "retired" },
      accounts: { [SPOKE]: ["us-west-2", "eu-west-1"] },
      groups: [SPOKE],
      people: {},
    });
  });

  it("One of an earlier release has people only, and its clusters are not known", () => {
    const { record, synthesize } = policyFolder();
    writeFileSync(record, '{ "alice": 1, "dave": 0 }\n');
    expect(readAssemblyRecord(record)).toEqual({ ...NO_ASSEMBLY, people: { alice: 1, dave: 0 } });
    synthesize({ [OWN]: {} });
    expect(readAssemblyRecord(record)).toMatchObject({
      clusters: { [OWN]: "lends" },
      people: { alice: 0, dave: 0 },
    });
  });

  it("The sample's record is as synthesis would write it", () => {
    const record = readAssemblyRecord(assemblyRecordFile(inRepository("access.yaml")));
    expect(record).toEqual({
      deployment: "timelatch",
      clusters: clusterUses(SAMPLE),
      accounts: {},
      groups: groupAccounts(SAMPLE, NO_ASSEMBLY),
      people: assignStacks(record.people, peopleWithRoles(SAMPLE)),
    });
  });

  it.each([
    ...["", "[]", '{"alice":-1}', '{"alice":"1"}', "{", '{"people":{}}'],
    '{"deployment":"a","clusters":{"x":"y"},"accounts":{},"groups":[],"people":{}}',
  ])("The record %j is refused", (text) => {
    const { record } = policyFolder();
    writeFileSync(record, text);
    expect(() => readAssemblyRecord(record)).toThrow("Nothing was synthesized.");
  });
});

describe("Synthesis, compared with the last assembly", () => {
  it.each([
    ["a cluster", { [OWN]: {}, [FAR]: {}, [`${FAR}-2`]: {} }, `${FAR}-2 was in`],
    ["a region", LENDS, `${FURTHER}, the last one in eu-west-1 of account ${SPOKE}, was in`],
    ["an account", { [OWN]: {}, [FAR]: {} }, `${FAR}, the last one of account ${SPOKE}, was in`],
  ])("%s that left and was not retired is refused, and the record stays", (_, before, said) => {
    const { record, synthesize } = policyFolder();
    synthesize(before);
    const kept = readFileSync(record, "utf8");
    const left = Object.fromEntries(Object.entries(before).slice(0, -1));
    expect(() => synthesize(left)).toThrow(said);
    expect(() => synthesize(left)).toThrow(/retired: true, and deploy that\..*\n.*Nothing was/s);
    expect(readFileSync(record, "utf8")).toBe(kept);
  });

  it("A retired cluster may leave, and its account's regions stay on record for its stacks", () => {
    const { record, synthesize } = policyFolder();
    synthesize(LENDS);
    synthesize({ [OWN]: {}, [FAR]: { retired: true }, [FURTHER]: { retired: true } });
    expect(synthesize({ [OWN]: {} }).topology.spokes).toEqual([]);
    expect(readAssemblyRecord(record)).toMatchObject({
      clusters: { [OWN]: "lends" },
      accounts: { [SPOKE]: ["us-west-2", "eu-west-1"] },
    });
  });

  it("Another name of the deployment is refused", () => {
    const { synthesize } = policyFolder();
    synthesize(LENDS);
    expect(() => synthesize(LENDS, "staging")).toThrow(
      "The deployment was called timelatch in the last assembly, and is staging now.",
    );
  });

  it("An account's own stack stays in its region, whatever the order of the file", () => {
    const { synthesize } = policyFolder();
    synthesize(LENDS);
    const regions = (clusters: Clusters) => synthesize(clusters).topology.spokes[0]?.regions;
    expect(regions({ [OWN]: {}, [FURTHER]: {}, [FAR]: { retired: true } })).toEqual([
      "us-west-2",
      "eu-west-1",
    ]);
    expect(regions({ [OWN]: {}, [FURTHER]: {} })).toEqual(["us-west-2", "eu-west-1"]);
  });

  it("The role that takes groups away stays when the last rule that lends them leaves", () => {
    const { synthesize } = policyFolder();
    expect(synthesize({ [OWN]: { groups: true }, [FAR]: {} }).topology.groups).toEqual([HUB]);
    expect(synthesize({ [OWN]: {}, [FAR]: {} }).topology.groups).toEqual([HUB]);
    expect(synthesize({ [OWN]: { retired: true }, [FAR]: {} }).topology.groups).toEqual([HUB]);
    expect(synthesize({ [FAR]: {} }).topology.groups).toEqual([]);
  });
});
