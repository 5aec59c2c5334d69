import { MOST_NAMED } from "./note-left-out.ts";
import type { PartOf } from "./pass.ts";

/**
 * Mends a head that others spoiled, so that the next steps can be stored: DynamoDB refuses a step that adds to an
 * attribute which is not a number. It comes after the removal, since others who write the table can make it slow or
 * have it fail.
 */
export async function mendHead({
  ports,
  run,
  view,
  isHeld,
}: PartOf<"run" | "view" | "isHeld", "bindings">): Promise<void> {
  const { binding, broken } = view;
  if (broken.length === 0 || !(await isHeld())) return;
  const named = broken.slice(0, MOST_NAMED);
  run.log("head mended", { binding, count: broken.length, broken: named });
  try {
    await ports.bindings.mend(view);
  } catch (error) {
    run.log("head not mended", { binding, error: String(error) });
  }
}
