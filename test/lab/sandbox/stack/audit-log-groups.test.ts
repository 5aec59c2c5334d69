import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, it } from "vitest";
import { heartbeat } from "../../../../lab/sandbox/kubernetes/heartbeat.ts";
import { auditLogGroups } from "../../../../lab/sandbox/stack/audit-log-groups.ts";

const event = (stageTimestamp: string) => JSON.stringify({ kind: "Event", stageTimestamp });

it("a cluster's audit log is the log group that EKS delivers it to", () => {
  const dir = mkdtempSync(path.join(tmpdir(), "audit-"));
  const line = event("2026-11-24T10:00:00.000000Z");
  writeFileSync(path.join(dir, "audit-prod.log"), `${line}\n{"kind":"Ev`);
  const events = auditLogGroups(dir);
  expect(events("/aws/eks/prod/cluster")).toEqual([
    {
      timestamp: Date.parse("2026-11-24T10:00:00Z"),
      message: line,
      logStream: expect.stringMatching(/^kube-apiserver-audit-[\da-f]{32}$/),
    },
  ]);
});

it("a cluster's log is never silent: its controller manager renews a lease", () => {
  const dir = mkdtempSync(path.join(tmpdir(), "audit-"));
  const now = new Date("2026-11-24T10:00:00.000Z");
  writeFileSync(path.join(dir, "audit-prod.log"), `${heartbeat(now)}\n`);
  const [event] = auditLogGroups(dir)("/aws/eks/prod/cluster") ?? [];
  expect(event?.timestamp).toBe(now.getTime());
  expect(JSON.parse(event?.message ?? "")).toMatchObject({
    verb: "update",
    user: { username: "system:kube-controller-manager" },
    objectRef: { resource: "leases", apiGroup: "coordination.k8s.io", namespace: "kube-system" },
    responseStatus: { code: 200 },
  });
});

it("a name of another kind than a cluster's log is no log group", () => {
  const events = auditLogGroups(mkdtempSync(path.join(tmpdir(), "audit-")));
  for (const group of ["/aws/eks/prod/cluster", "/aws/lambda/x", "/aws/eks/../cluster"])
    expect(events(group)).toBeUndefined();
});
