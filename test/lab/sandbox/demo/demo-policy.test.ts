import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, it } from "vitest";
import { peopleAccounts } from "../../../../infra/permissions/people-statements.ts";
import { readAccessFile } from "../../../../infra/synth/access-file.ts";
import { writeDemoPolicy } from "../../../../lab/sandbox/demo/demo-policy.ts";

it("In the demo without user ids, roles trust only user names", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "timelatch-fallback-"));
  try {
    const [hub] = peopleAccounts(
      readAccessFile(writeDemoPolicy(folder, { withoutUserIds: true, isEmailOnly: false })),
    );
    const trust = JSON.stringify(hub?.roles.find(({ person }) => person === "alice")?.trust);
    expect(trust).toContain("alice@example.com");
    expect(trust).not.toContain("identitystore:UserId");
  } finally {
    rmSync(folder, { recursive: true });
  }
});
