/** A role that is deleted and made again while grants of it last. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { remakeRole } from "../../../../lab/chaos/deeds/remake-role.ts";
import { verdictsOn } from "../../../../lab/chaos/judge/judgements.ts";
import type { Seen } from "../../../../lab/chaos/judge/seen.ts";
import type { RemadeRole, Stage } from "../../../../lab/chaos/stage/stage.ts";
import { iamService } from "../../../../lab/sandbox/aws/iam/service.ts";
import {
  clientConfig,
  document,
  iamStore,
  listen,
  role,
  statement,
} from "../../sandbox/aws/iam-world.ts";
import { ALICE, at, CLEAN, GRANT, historyOf, instant, presence } from "../clean-run.ts";

const broken = (over: Partial<Seen>) =>
  verdictsOn({ ...CLEAN, ...over })
    .filter(({ findings }) => findings.length > 0)
    .map(({ name }) => name);
const remadeAt = (seconds: number, principalArn = ALICE) => ({
  remadeRoles: [{ principalArn, at: at(seconds) }],
});

describe("A role that is deleted and made again", () => {
  it("It may end access that was lent to it, and to no other", () => {
    const gone = { presences: [presence({ to: at(10) })] };
    expect(broken({ ...gone, ...remadeAt(9) })).toEqual([]);
    expect(broken({ ...gone, ...remadeAt(50) })).toEqual(["kept"]);
    expect(broken({ ...gone, ...remadeAt(9, "arn:aws:iam::111122223333:role/dave") })).toEqual([
      "kept",
    ]);
  });

  it("Its grant may begin late", () => {
    const events = historyOf(
      ...([
        ["request", -1],
        ["approve", 0],
        ["activate", 20],
        ["expire", 31],
      ] as const),
      ["settle", 34],
    );
    const late = { requests: [{ ...GRANT, events }], presences: [presence({ from: at(20) })] };
    expect(broken(late)).toEqual(["begins"]);
    expect(broken({ ...late, ...remadeAt(-5) })).toEqual([]);
  });

  it("Its grant may be refused only for that reason", () => {
    const events = historyOf(["request", -1], ["approve", 0], ["refuse", 3]);
    const refused = (code: string): Partial<Seen> => ({
      presences: [],
      requests: [
        {
          ...GRANT,
          events,
          request: {
            ...GRANT.request,
            state: "failed",
            outcome: { code, detail: "" },
            endedAt: instant(3),
          } as typeof GRANT.request,
        },
      ],
      messages: CLEAN.messages.map((one) => ({ ...one, text: "alice asked. It failed." })),
    });
    for (const code of ["principal-gone", "principal-recreated", "entry-dead"]) {
      expect(broken(refused(code))).toContain("grants");
      expect(broken({ ...refused(code), ...remadeAt(1) })).not.toContain("grants");
    }
    expect(broken({ ...refused("policy-changed"), ...remadeAt(1) })).toContain("grants");
  });

  it("It does not move the bound of access", () => {
    const long = { presences: [presence({ to: at(55) })] };
    expect(broken({ ...long, ...remadeAt(9) })).toContain("bounds");
  });

  it("The new one has another id, and the trust and policies of the old one", async () => {
    const admin = role("admin", { policy: document(statement("iam:*")) });
    const own = role("timelatch-person-carol", {
      path: "/timelatch/people/",
      policy: document(statement("eks:ListClusters")),
    });
    const attached = "arn:aws:iam::111122223333:policy/call-the-broker";
    const withAttached = (of: typeof own) => ({
      ...of,
      policies: { ...of.policies, [attached]: document(statement("execute-api:Invoke")) },
    });
    const iam = iamStore(admin, withAttached(own), withAttached(role("another")));
    const port = await listen({ services: [iamService(iam)], iam });
    const folder = mkdtempSync(path.join(tmpdir(), "remake-role-"));
    onTestFinished(async () => {
      await port.close();
      rmSync(folder, { recursive: true });
    });
    const awsCredentialsFile = path.join(folder, "credentials");
    const { credentials } = clientConfig(port.url, admin);
    writeFileSync(
      awsCredentialsFile,
      ["admin", "carol"]
        .map(
          (name) =>
            `[${name}]\naws_access_key_id = ${credentials.accessKeyId}\naws_secret_access_key = ${credentials.secretAccessKey}\naws_session_token = ${credentials.sessionToken}\n`,
        )
        .join(""),
    );
    const remadeRoles: RemadeRole[] = [];
    const stage = { addresses: { awsUrl: port.url, awsCredentialsFile }, remadeRoles };
    const before = structuredClone(iam.state.roles[own.arn]);
    await remakeRole(stage as unknown as Stage, {
      kind: "remake-role",
      at: 0,
      person: "carol",
      seconds: 0,
    });
    const { roleId, createDate, ...rest } = iam.state.roles[own.arn] ?? {};
    expect(before).toMatchObject(rest);
    expect(roleId).not.toBe(before?.roleId);
    expect(remadeRoles).toMatchObject([{ principalArn: own.arn }]);
  });
});
