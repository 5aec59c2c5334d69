import type { Fact } from "./fact.ts";
import type { Stage } from "./stage.ts";

/** One piece of a smoke test, which can be run by itself. */
export interface Part {
  /** As `--only` takes it. */
  readonly name: string;
  /** Played only where `--only` names it: it changes more than scratch resources. */
  readonly onlyByName?: true;
  /** Its purpose, as the question says it beforehand. */
  readonly does: string;
  /** The resources that it makes, if any. */
  readonly makes?: string;
  /** @throws for what AWS refuses: the facts of this part are then unsettled */
  play(stage: Stage): Promise<readonly Fact[]>;
}
