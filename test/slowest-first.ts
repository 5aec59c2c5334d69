import { BaseSequencer, type TestSpecification } from "vitest/node";

/**
 * Files that take long, by the seconds that they take on two idle cores. Vitest knows no times on a
 * machine that has never run them, and then starts the largest files first. A slow small one would come
 * last, and every other worker would wait for it.
 */
export const SLOW: Readonly<Record<string, number>> = {
  "test/e2e/grant-life.test.ts": 173,
  "test/e2e/documents.test.ts": 160,
  "test/e2e/unkind-aws.test.ts": 113,
  "test/e2e/evidence.test.ts": 105,
  "test/e2e/walkthrough.test.ts": 80,
  "test/e2e/transcripts.test.ts": 75,
  "test/e2e/abuse-policy-change.test.ts": 75,
  "test/e2e/abuse-outside.test.ts": 72,
  "test/e2e/chaos.test.ts": 75,
  "test/e2e/worst-day.test.ts": 90,
  "test/e2e/demo.test.ts": 60,
  "test/e2e/switched-off.test.ts": 45,
  "test/lab/simulation/mutants/mutants.test.ts": 60,
  "test/tools/package/cdk-package.test.ts": 35,
  "test/infra/synth.test.ts": 20,
  "test/lab/simulation/simulate.test.ts": 20,
};

/** Starts the slow files of each project first, and the others in vitest's own order. */
export class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const root = `${this.ctx.config.root}/`;
    const seconds = ({ moduleId }: TestSpecification) => SLOW[moduleId.replace(root, "")] ?? 0;
    const group = ({ project }: TestSpecification) => project.config.sequence.groupOrder;
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => group(a) - group(b) || seconds(b) - seconds(a));
  }
}
