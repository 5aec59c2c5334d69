import { BaseSequencer, type TestSpecification } from "vitest/node";

/**
 * Files that take long, by the seconds that they take on two cores with the other tests beside them. Vitest knows no times on a
 * machine that has never run them, and then starts the largest files first. A slow small one would come
 * last, and every other worker would wait for it.
 */
export const SLOW: Readonly<Record<string, number>> = {
  "test/e2e/deploy-page.test.ts": 400,
  "test/e2e/worst-day.test.ts": 300,
  "test/e2e/grant-life.test.ts": 200,
  "test/e2e/documents.test.ts": 185,
  "test/e2e/leaving-account.test.ts": 150,
  "test/e2e/abuse-api.test.ts": 115,
  "test/e2e/unkind-aws.test.ts": 100,
  "test/e2e/chaos.test.ts": 95,
  "test/e2e/restored-table.test.ts": 90,
  "test/e2e/transcripts.test.ts": 75,
  "test/e2e/evidence.test.ts": 75,
  "test/e2e/abuse-outside.test.ts": 65,
  "test/e2e/walkthrough.test.ts": 65,
  "test/e2e/console.test.ts": 65,
  "test/e2e/clocks.test.ts": 63,
  "test/e2e/switched-off.test.ts": 62,
  "test/e2e/demo.test.ts": 58,
  "test/e2e/agents.test.ts": 55,
  "test/e2e/terraform.test.ts": 55,
  "test/e2e/slack-story.test.ts": 54,
  "test/e2e/abuse-tables.test.ts": 51,
  "test/e2e/sandbox-life.test.ts": 48,
  "test/e2e/abuse-policy-change.test.ts": 43,
  "test/e2e/abuse-race.test.ts": 43,
  "test/e2e/end-all.test.ts": 28,
  "test/e2e/slack-messages.test.ts": 24,
  "test/e2e/console-hostile.test.ts": 21,
  "test/lab/simulation/mutants/mutants.test.ts": 60,
  "test/tools/package/cdk-package.test.ts": 35,
  "test/infra/synth.test.ts": 20,
  "test/lab/simulation/simulate.test.ts": 20,
};

/** Starts the files of each project that failed last time first, then the slow ones, then the others in vitest's own order. */
export class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const root = `${this.ctx.config.root}/`;
    const seconds = ({ moduleId }: TestSpecification) => SLOW[moduleId.replace(root, "")] ?? 0;
    const group = ({ project }: TestSpecification) => project.config.sequence.groupOrder;
    const failed = (file: TestSpecification) =>
      Number(this.ctx.cache.getTestSpecificationResult(file)?.failed ?? false);
    const sorted = await super.sort(files);
    return sorted.toSorted(
      (a, b) => group(a) - group(b) || failed(b) - failed(a) || seconds(b) - seconds(a),
    );
  }
}
