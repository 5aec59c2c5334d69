/** dave exports the audit trail and verifies it, and an edited copy fails. */
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { untilEnded } from "./end-steps.ts";
import { listed, outcomeText, type Scene } from "./scene.ts";
import { check } from "./steps.ts";

const TRAIL = "audit.ndjson";
const EDITED = "edited.ndjson";

/**
 * @param began when the demo began, in milliseconds
 * @param ids the requests that must be in the trail
 */
export function auditTrailIsVerified(
  scene: Scene,
  began: number,
  ids: readonly string[],
): Promise<void> {
  const { people, steps, narrator, dir } = scene;
  return steps.step("audit", "dave exports the audit trail and verifies it", async (show) => {
    // The trail is whole once the end of each grant is on record.
    for (const id of ids) await untilEnded(scene, { id });
    const from = new Date(began).toISOString();
    const [exported] = await show(
      people.timelatch("dave", ["audit", "export", "--from", from, "--out", TRAIL], 1),
    );
    check(exported.code === 0, `the export ended with ${outcomeText(exported)}`);
    const trail = readFileSync(path.join(dir, TRAIL), "utf8");
    const missing = ids.filter((id) => !trail.includes(id));
    check(missing.length === 0, `the trail has no event of ${listed(missing)}`);
    const edited = trail.replace('"actor":"bob"', '"actor":"mallory"');
    check(edited !== trail, "the trail has no approval by bob");
    writeFileSync(path.join(dir, EDITED), edited);
    narrator.note(`${EDITED} is a copy that names mallory as the approver instead of bob`);
    const [intact, altered] = await show(
      people.timelatch("dave", ["audit", "verify", TRAIL], 1),
      people.timelatch("dave", ["audit", "verify", EDITED], 1),
    );
    check(intact.code === 0, `the trail failed its verification: ${outcomeText(intact)}`);
    check(altered.code === 8, `the edited copy was not detected: ${outcomeText(altered)}`);
    return {
      detail: "the trail is verified; the copy that names another approver fails",
      value: undefined,
    };
  });
}
