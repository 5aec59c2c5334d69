import { BaseSequencer, type TestSpecification } from "vitest/node";

/**
 * Files that take long, by the seconds that they take on two cores with the other tests beside them. Vitest knows no times on a
 * machine that has never run them, and then starts the largest files first. A slow small one would come
 * last, and every other worker would wait for it.
 */
export const SLOW: Readonly<Record<string, number>> = {
  "test/e2e/deploy-page.test.ts": 370,
  "test/e2e/worst-day.test.ts": 265,
  "test/e2e/grant-life.test.ts": 190,
  "test/e2e/documents.test.ts": 175,
  "test/e2e/on-call.test.ts": 105,
  "test/e2e/unkind-aws.test.ts": 100,
  "test/e2e/chaos.test.ts": 90,
  "test/e2e/abuse-api.test.ts": 85,
  "test/e2e/restored-table.test.ts": 76,
  "test/e2e/walkthrough.test.ts": 74,
  "test/e2e/evidence.test.ts": 73,
  "test/e2e/transcripts.test.ts": 65,
  "test/e2e/abuse-outside.test.ts": 58,
  "test/e2e/switched-off.test.ts": 56,
  "test/e2e/console.test.ts": 56,
  "test/e2e/demo.test.ts": 50,
  "test/e2e/leaving-account.test.ts": 48,
  "test/e2e/clocks.test.ts": 47,
  "test/e2e/agents.test.ts": 42,
  "test/e2e/slack-story.test.ts": 33,
  "test/e2e/abuse-policy-change.test.ts": 31,
  "test/e2e/abuse-tables.test.ts": 29,
  "test/e2e/abuse-race.test.ts": 27,
  "test/e2e/terraform.test.ts": 27,
  "test/e2e/slack-messages.test.ts": 26,
  "test/e2e/end-all.test.ts": 24,
  "test/e2e/sandbox-life.test.ts": 22,
  "test/e2e/console-hostile.test.ts": 15,
  "test/cli/doctor/smoke/report/smoke-report.test.ts": 137,
  "test/cli/doctor/smoke/smoke-leftovers.test.ts": 126,
  "test/cli/doctor/smoke/smoke-parts.test.ts": 96,
  "test/lab/simulation/mutants/mutants.test.ts": 90,
  "test/shared/aws/dynamodb/dynamo-stores.test.ts": 84,
  "test/shared/aws/dynamodb/requests/large-lists.test.ts": 48,
  "test/lab/simulation/simulate.test.ts": 43,
  "test/cli/doctor/smoke/smoke-policy.test.ts": 40,
  "test/cli/doctor/smoke/smoke-account.test.ts": 34,
  "test/lab/simulation/scenarios/evidence.test.ts": 30,
  "test/tools/package/cdk-package.test.ts": 25,
  "test/infra/synth.test.ts": 20,
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
