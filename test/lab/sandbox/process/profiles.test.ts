/** The people's profiles: sessions that the AWS CLI keeps belong to one sandbox. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { IamState } from "../../../../lab/sandbox/aws/iam/state.ts";
import { memoryStore } from "../../../../lab/sandbox/aws/store.ts";
import { writeProfiles } from "../../../../lab/sandbox/process/profiles.ts";
import { initialIam, ownRoleArn } from "../../../../lab/sandbox/world/people.ts";
import { declareSignIns } from "../../../../lab/sandbox/world/sign-ins.ts";

const NOW = new Date("2026-11-24T10:00:00Z");
const folder = mkdtempSync(path.join(tmpdir(), "timelatch-profiles-"));
afterAll(() => rmSync(folder, { recursive: true }));

function freshIam(): IamState {
  const iam = initialIam(NOW);
  declareSignIns(memoryStore(iam), true, NOW);
  return iam;
}

/** The section of a person's own role: the AWS CLI keeps a session under the hash of these values. */
function ownProfile(iam: IamState, person: string): string | undefined {
  const people = { [person]: { TIMELATCH_ROLE: ownRoleArn(person) } };
  const { awsConfigFile } = writeProfiles(folder, iam, people, "http://127.0.0.1:4566");
  const sections = readFileSync(awsConfigFile, "utf8").split("\n[");
  return sections.find((section) => section.startsWith(`profile ${person}-own]`))?.trim();
}

describe.each(["alice", "bob"])("The profile of the own role of %s", (person) => {
  it("It stays the same while the sandbox keeps its state", () => {
    const iam = freshIam();
    const first = ownProfile(iam, person);
    expect(first).toContain(`role_session_name = ${person}`);
    expect(ownProfile(iam, person)).toBe(first);
  });

  it("Another sandbox has another external id, so that no session of the first is used in it", () => {
    const externalId = () =>
      /^external_id = (.+)$/m.exec(ownProfile(freshIam(), person) ?? "")?.[1];
    const [first, second] = [externalId(), externalId()];
    expect(first).toMatch(/^[\w+=,.@:/-]{2,1224}$/);
    expect(second).not.toBe(first);
  });
});
