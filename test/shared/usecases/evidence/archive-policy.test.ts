import { expect, it } from "vitest";
import { aPolicy } from "../../../../lab/fakes/builders.ts";
import { memoryArchiveStore } from "../../../../lab/fakes/memory-archive-store.ts";
import { sha256 } from "../../../../shared/domain/values/canonical-json.ts";
import { archivePolicy } from "../../../../shared/usecases/evidence/archive-policy.ts";

it("The deployed policy is kept once, as the text whose SHA-256 is its hash and its name", async () => {
  const store = memoryArchiveStore();
  const policy = aPolicy();
  expect(await archivePolicy({ store, policy })).toBe(true);
  expect(await archivePolicy({ store, policy })).toBe(false);
  const [[key, lines] = []] = [...store.objects];
  expect(key).toBe(`policies/${policy.hash}.json`);
  expect(lines).toHaveLength(1);
  expect(sha256(lines?.[0] ?? "")).toBe(policy.hash);
  expect(JSON.parse(lines?.[0] ?? "").clusters).toEqual(policy.clusters);
});
