/** The stacks of one policy in each partition of AWS: nothing in them is of another one. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { Template } from "aws-cdk-lib/assertions";
import { describe, expect, it } from "vitest";
import { topologyOf } from "../../infra/synth/topology.ts";
import { HUB, policyIn, SPOKE, stacksIn, ZONES, type Zone } from "./zone-stacks.ts";

const templatesIn = (zone: Zone) =>
  stacksIn(zone).map((stack) => ({
    name: stack.stackName,
    json: JSON.stringify(Template.fromStack(stack).toJSON()),
  }));

/** ARNs by their partition, whatever resource they are of. */
const partitionsIn = (json: string) =>
  new Set([...json.matchAll(/\barn:([a-z][a-z-]*):/g)].map(([, partition]) => partition));

/**
 * Names of services, which are the same in every partition, as the template's trust and conditions have them.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-services
 */
const SERVICES = /^(?:account-access|eks|events|lambda|scheduler|sso|apigateway|delivery\.logs)$/;

describe.each(ZONES)("A deployment in $partition", (zone) => {
  const templates = templatesIn(zone);

  it("It has a stack for the broker, its fuses, the other account, the other region and people in both accounts", () => {
    expect(templates.map(({ name }) => name).sort()).toEqual([
      "Timelatch",
      `TimelatchAccount-${HUB}-${zone.far}`,
      `TimelatchAccount-${SPOKE}`,
      `TimelatchForward-${HUB}-${zone.far}`,
      `TimelatchForward-${SPOKE}-${zone.region}`,
      "TimelatchFuses",
      "TimelatchPeople-1",
      `TimelatchPeople-${SPOKE}-1`,
    ]);
  });

  it("No ARN is of another partition", () => {
    for (const { name, json } of templates)
      expect(
        [...partitionsIn(json)].filter((one) => one !== zone.partition),
        name,
      ).toEqual([]);
  });

  it("amazonaws.com stands only behind the name of a service", () => {
    for (const { name, json } of templates)
      for (const [, service = ""] of json.matchAll(/([\w.-]*?)\.amazonaws\.com\b/g))
        expect(service, name).toMatch(SERVICES);
  });
});

describe("A deployment beside its partition", () => {
  it.each([
    ["aws", "cn-north-1"],
    ["aws-cn", "us-west-2"],
    ["aws-us-gov", "us-west-2"],
  ])("Clusters in %s are refused for a broker in %s, with both partitions", (partition, region) => {
    const zone = ZONES.find((one) => one.partition === partition) as Zone;
    expect(() => topologyOf(policyIn(zone), { account: HUB, region })).toThrow(
      new RegExp(`${region}.*${partition}.*Nothing was synthesized`),
    );
  });
});

describe("The sources of what ships", () => {
  const ROOT = path.resolve(import.meta.dirname, "../..");
  const sources = ["functions", "shared", "infra", "cli"].flatMap((folder) =>
    readdirSync(path.join(ROOT, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .map((name) => path.join(folder, name)),
  );

  it("No code makes an ARN of one partition, whichever a value is of", () => {
    expect(sources.length).toBeGreaterThan(500);
    const made = sources.flatMap((file) =>
      readFileSync(path.join(ROOT, file), "utf8")
        .split("\n")
        .filter((line) => /\barn:aws:[^"'\s]*\$\{/.test(line))
        .map((line) => `${file}: ${line.trim()}`),
    );
    expect(made).toEqual([]);
  });
});
