/** Brings a stack back to what it was made of last, where its rollback failed before. */
import { ResourceFailure } from "./engine.ts";
import { orderOf, type StackRun } from "./run-stack.ts";
import { addEvent, setStatus } from "./stack-events.ts";
import type { StackState } from "./state.ts";

const ENDS = ["UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS", "UPDATE_ROLLBACK_COMPLETE"] as const;

/** Never rejects: what became of it is in the stack's status and events. */
export async function continueRollback(run: StackRun, stack: StackState): Promise<void> {
  const { cloudFormation, engine, now } = run;
  const { input } = stack;
  if (!input) return;
  cloudFormation.change(() =>
    setStatus(stack, "UPDATE_ROLLBACK_IN_PROGRESS", now(), "User Initiated"),
  );
  try {
    await engine.deploy(orderOf(run, stack, input));
    cloudFormation.change(() => {
      for (const end of ENDS) setStatus(stack, end, now());
    });
  } catch (error) {
    const failed =
      error instanceof ResourceFailure
        ? stack.resources.find(({ logicalId }) => logicalId === error.logicalId)
        : undefined;
    const { message } = error as Error;
    cloudFormation.change(() => {
      if (failed) addEvent(stack, failed, "UPDATE_FAILED", now(), message);
      setStatus(stack, "UPDATE_ROLLBACK_FAILED", now(), message);
    });
  }
}
