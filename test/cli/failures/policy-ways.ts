/** Ways to each failure of `timelatch policy`. */
import { writeFileSync } from "node:fs";
import path from "node:path";
import { policyCheck } from "../../../cli/commands/policy-check.ts";
import { policyExplain } from "../../../cli/commands/policy-explain.ts";
import { policyProve } from "../../../cli/commands/policy-prove.ts";
import { policyReplay } from "../../../cli/commands/policy-replay.ts";
import { policySuggest } from "../../../cli/commands/policy-suggest.ts";
import { policyTest } from "../../../cli/commands/policy-test.ts";
import { policyWho } from "../../../cli/commands/policy-who.ts";
import { fakeTerminal } from "../fake-terminal.ts";
import { editedSample, SAMPLE, WARNED_SAMPLE } from "../policy/policy-folder.ts";

/** @param folderOf a folder for files, from the beginning of the tests on */
export function policyWays(folderOf: () => string): Readonly<Record<string, () => unknown>> {
  /** The catalogue is the same on every machine. */
  const file = (name: string, content: string) => {
    const place = path.relative(process.cwd(), path.join(folderOf(), name));
    writeFileSync(place, content);
    return place;
  };
  const { context } = fakeTerminal();
  const explaining = (as: string, more: object = {}) =>
    policyExplain(context, file("sample.yaml", SAMPLE), {
      as,
      cluster: "staging",
      policy: "view",
      clusterScope: true,
      duration: "9h",
      ...more,
    });
  /** Files of their own, since all ways are taken at once. */
  const testing = (who: string, more: object = {}) => {
    const text = `version: 1
expectations:
  - name: ${who} looks at staging
    who: ${who}
    ask: { cluster: staging, policy: AmazonEKSViewPolicy, scope: cluster }
    allow: { rule: view-staging }
`;
    const against = file("tested.yaml", SAMPLE);
    return policyTest(context, file(`${who}.test.yaml`, text), { against, ...more });
  };
  return {
    "a policy that cannot be read": () => policyCheck(context, "/nonexistent/access.yaml", {}),
    "a policy with errors": () =>
      policyCheck(context, file("broken.yaml", editedSample(["version: 1", "version: 2"])), {}),
    "a policy with warnings, strictly": () =>
      policyCheck(context, file("warned.yaml", WARNED_SAMPLE), { strict: true }),
    "a policy that is not sound": () =>
      policyExplain(context, file("unsound.yaml", "version: 2"), {
        as: "alice",
        cluster: "prod",
        group: ["g"],
      }),
    "expectations whose policy is unknown": () => policyTest(context, "expected.yaml", {}),
    "an expectation that does not hold": () => testing("mallory"),
    "a rule without an expectation, strictly": () => testing("bob", { strict: true }),
    "a claim that does not hold": () =>
      policyProve(
        context,
        file(
          "claims.test.yaml",
          `version: 1
never:
  - name: nobody looks at staging
    reach: { cluster: staging, policy: AmazonEKSViewPolicy }
`,
        ),
        { against: file("proved.yaml", SAMPLE) },
      ),
    "a cluster that a policy lacks": () =>
      policyWho(context, file("asked.yaml", SAMPLE), { cluster: "prdo" }),
    "an archive without a request": () =>
      policyReplay(context, file("replaying.yaml", SAMPLE), {
        archive: [file("empty.ndjson", "")],
      }),
    "an archive whose requests are not whole": () =>
      policyReplay(context, file("replayed.yaml", SAMPLE), {
        archive: [file("odd.ndjson", "{}\n")],
      }),
    "a rule of no policy": () =>
      policySuggest(context, file("suggesting.yaml", SAMPLE), {
        archive: [],
        rule: "payments-edti",
      }),
    "a person of no policy": () => explaining("alise"),
    "an explanation of nothing": () => explaining("alice", { cluster: undefined }),
    "an explanation for a time that is none": () => explaining("alice", { at: "tomorrow" }),
    "an explanation of a shift in no schedule": () => explaining("alice", { onCall: ["primary"] }),
    "an explanation of a ticket of no status": () =>
      explaining("alice", { ticket: "PAY-123=resolved" }),
    "an explanation of a wrong duration": () => explaining("alice", { duration: "1x" }),
    "an explanation why not": () => explaining("alice"),
    "a warning that does not exist": () =>
      policyCheck(context, "access.yaml", { ignore: ["invalid-file"] }),
  };
}
