/** The last steps: CloudTrail shows a change around Timelatch, and confirms each call of a grant. */
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { outcomeText, PATIENCE_MS, type Scene } from "./scene.ts";
import { check } from "./steps.ts";
import { until } from "./until.ts";

/** An administrator of the account needs nobody's approval, but does not stay unseen. */
export function changeAroundIsFound({ people, steps, narrator, signal }: Scene): Promise<void> {
  const title = "An administrator changes carol's entry around Timelatch";
  return steps.step("finding", title, async (show) => {
    await show(people.changeAround("carol"));
    narrator.note("CloudTrail delivers its record of the call some seconds later");
    const isFound = async () => (await people.openFindings()).length > 0;
    await until(isFound, Date.now() + PATIENCE_MS, signal);
    const [id, ...others] = await people.openFindings();
    check(id !== undefined, "no finding was recorded");
    check(others.length === 0, `there are ${others.length} findings too many`);
    const [shown] = await show(people.timelatch("dave", ["findings", "show", id], 9));
    const seen = shown.stdout;
    check(shown.code === 0, `timelatch findings show ended with ${outcomeText(shown)}`);
    check(seen.includes("carol") && seen.includes("admin"), `the finding says: ${seen}`);
    return { detail: "the change is a finding, with who made it and when", value: undefined };
  });
}

const BUNDLE = "bundle";
/** The file of the bundle that has what CloudTrail says. */
const EDITED = path.join(BUNDLE, "evidence.ndjson");

/** @param id of a grant that has ended */
export function bundleIsVerified(scene: Scene, id: string): Promise<void> {
  const { people, steps, narrator, dir, signal } = scene;
  const title = "dave bundles the evidence of alice's first grant, and verifies it";
  return steps.step("bundle", title, async (show) => {
    const isConfirmed = async () =>
      (await people.callStates(id)).every((state) => state !== "unconfirmed");
    await until(isConfirmed, Date.now() + PATIENCE_MS, signal);
    const states = (await people.callStates(id)).filter((state) => state !== null);
    const count = states.filter((state) => state === "confirmed").length;
    check(count > 0 && count === states.length, `CloudTrail confirms ${count} of ${states.length}`);
    const verify = () => people.timelatch("dave", ["audit", "verify", BUNDLE], 1);
    const bundle = people.timelatch("dave", ["audit", "bundle", id, "--out", BUNDLE], 1);
    const [made] = await show(bundle);
    check(made.code === 0, `the bundle ended with ${outcomeText(made)}`);
    const [intact] = await show(verify());
    check(intact.code === 0, `the bundle failed its verification: ${outcomeText(intact)}`);
    changeOneByte(path.join(dir, EDITED));
    narrator.note(`one byte of ${EDITED} is changed`);
    const [edited] = await show(verify());
    check(edited.code === 8, `the changed byte was not found: ${outcomeText(edited)}`);
    const detail = `CloudTrail confirms all ${count} calls to EKS; one changed byte is found`;
    return { detail, value: undefined };
  });
}

/** The first digit of a time becomes another. */
function changeOneByte(file: string): void {
  const text = readFileSync(file, "utf8");
  const changed = text.replace(/"eventTime":"2/, '"eventTime":"3');
  check(changed !== text, "the bundle has no time of an event");
  writeFileSync(file, changed);
}
