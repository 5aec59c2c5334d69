/** The module carried out over two accounts in memory: a first apply, changes, mistakes in its files, and away again. */
import { execFileSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import type { AccessPolicy } from "../../shared/domain/policy/policy.ts";
import { twoAccounts } from "../infra/two-accounts.ts";
import { apply, importStack, plan } from "./carry-out.ts";
import type { Edit } from "./hcl-module.ts";
import { type MemoryAws, memoryAws } from "./memory-aws.ts";
import { MODULE, type RootModule, rootModule, SOURCE } from "./root-module.ts";
import type { Asked, State } from "./walk.ts";

const [HUB, SPOKE] = ["111122223333", "444455556666"];

/** A spoke with clusters in two regions. */
const policyWith = (change: Parameters<typeof twoAccounts>[0] = () => undefined) =>
  twoAccounts((policy) => {
    Reflect.deleteProperty(policy.clusters, "far");
    change(policy);
  });
const POLICY = policyWith();
const ALL_REGIONS = twoAccounts();
const CHANGED = policyWith((policy) =>
  Object.assign(policy.clusters, {
    second: { arn: `arn:aws:eks:us-west-2:${HUB}:cluster/second`, retired: false },
  }),
);
const WITHOUT_SPOKE = policyWith((policy) => {
  for (const name of ["spoke", "spoke-far"]) Reflect.deleteProperty(policy.clusters, name);
});

const TWO_REGIONS = twoAccounts((policy) => {
  for (const name of ["spoke", "spoke-far"]) Reflect.deleteProperty(policy.clusters, name);
});

let root: RootModule;
let aws: MemoryAws;
let state: State;
beforeEach(async () => {
  root = rootModule("spokes");
  aws = memoryAws(HUB ?? "", () => root.manifest());
  state = new Map();
  await root.synthesize(POLICY);
});

const asked = (more: Pick<Asked, "edit" | "first"> = {}): Asked => ({
  root: root.folder,
  sources: { [SOURCE]: MODULE },
  drivers: aws.drivers,
  ...more,
});
const stackNames = () => [...aws.stacks.keys()].map((id) => id.split("/")[2]);
const versions = () =>
  [...aws.stacks.values()].map(({ template }) => JSON.parse(template).Outputs.Version.Value);
/** The kinds of changes, by the type of resource. */
const kinds = (changes: readonly string[]) =>
  [
    ...new Set(
      changes.map((one) =>
        one.replace(/^(\w+) .*(aws_\w+)\..*$/, "$1 $2").replace(/_cloudformation/, ""),
      ),
    ),
  ].toSorted();
const leave = () => {
  const file = path.join(root.folder, "main.tf");
  const text = readFileSync(file, "utf8");
  writeFileSync(file, text.replace(/\nmodule [\s\S]*$/, ""));
};

describe("The module over two accounts", () => {
  it("A first apply makes every stack of the manifest, each after what it names", async () => {
    const { outputs } = await apply(asked(), state);
    const { stacks } = root.manifest();
    expect(stackNames().toSorted()).toEqual(stacks.map(({ name }) => name).toSorted());
    expect([...aws.stacks.keys()]).toContain(
      `${SPOKE}/eu-west-1/TimelatchForward-${SPOKE}-eu-west-1`,
    );
    expect(outputs["api_url"]).toBe("ApiUrl-of-it");
    expect(await plan(asked(), state)).toEqual([]);
  });

  it.each(["account", "region", "fuses", "broker", "people", "forward"])(
    "Whatever is carried out first, references keep the order: %s",
    async (kind) => {
      for (const account of ["hub", "spoke"]) {
        aws = memoryAws(HUB ?? "", () => root.manifest());
        await apply(asked({ first: [account, kind] }), new Map());
        expect(aws.stacks.size).toBe(root.manifest().stacks.length);
      }
    },
  );

  it("Each stack has the template of the manifest", async () => {
    await apply(asked(), state);
    const wanted = root.manifest().stacks.map(({ version }) => version);
    expect(versions().toSorted()).toEqual(wanted.toSorted());
  });

  it("A change of the policy changes only stacks that it concerns, and old code goes after them", async () => {
    await apply(asked(), state);
    await root.synthesize(CHANGED);
    const { changes } = await apply(asked(), state);
    expect(kinds(changes)).toEqual([
      ...["create aws_s3_object", "delete aws_s3_object", "update aws_stack"],
    ]);
    const updated = changes.filter((one) => one.startsWith("update")).join();
    expect(updated).toContain('"Timelatch"');
    expect(updated).not.toContain("TimelatchForward");
    const last = changes.findLastIndex((one) => one.startsWith("update"));
    expect(changes.findIndex((one) => one.startsWith("delete"))).toBeGreaterThan(last);
    expect(await plan(asked(), state)).toEqual([]);
  });

  it("An apply that ends in the middle goes on", async () => {
    const objects = aws.drivers.resources["aws_cloudformation_stack"] ?? expect.fail();
    const { create } = objects;
    let left = 3;
    Object.assign(objects, {
      create: async (...given: Parameters<typeof create>) => {
        left -= 1;
        if (left < 0) throw new Error("the connection was lost");
        return create(...given);
      },
    });
    await expect(apply(asked(), state)).rejects.toThrow("connection was lost");
    expect(aws.stacks.size).toBe(3);
    left = Number.POSITIVE_INFINITY;
    await apply(asked(), state);
    expect(aws.stacks.size).toBe(root.manifest().stacks.length);
  });

  it("An update that AWS undid is found by the next plan, with the command that sends it again", async () => {
    await apply(asked(), state);
    await root.synthesize(CHANGED);
    aws.failing.add("Timelatch");
    await expect(apply(asked(), state)).rejects.toThrow("UPDATE_ROLLBACK_COMPLETE");
    await expect(plan(asked(), state)).rejects.toThrow(
      /CloudFormation has another template of Timelatch .* aws cloudformation update-stack --region us-west-2 --stack-name Timelatch --template-url https:\S+ --capabilities CAPABILITY_NAMED_IAM --parameters ParameterKey=AssetsBucket,ParameterValue=example-timelatch-111122223333-us-west-2$/,
    );
  });

  it("A stack goes only once its call left the files, in the order from its end", async () => {
    await apply(asked(), state);
    await root.synthesize(WITHOUT_SPOKE);
    await expect(plan(asked(), state)).rejects.toThrow(
      "Instance cannot be destroyed: module.spoke",
    );
    const text = readFileSync(path.join(root.folder, "main.tf"), "utf8");
    const without = text
      .replace(/\nmodule "spoke" \{[\s\S]*?\n\}\n/, "")
      .replace(/\n {2}deployed = module.spoke.grantors/, "");
    writeFileSync(path.join(root.folder, "main.tf"), without);
    const { changes } = await apply(asked(), state);
    const gone = changes.filter((one) => one.startsWith("delete module.spoke.module"));
    expect(gone[0]).toContain("TimelatchForward");
    expect(gone.at(-1)).toContain(`"TimelatchAccount-${SPOKE}"`);
    expect(stackNames().filter((name) => name?.includes(SPOKE ?? ""))).toEqual([]);
    leave();
    await apply(asked(), state);
    expect([aws.stacks.size, aws.objects.size, aws.buckets.size]).toEqual([0, 0, 3]);
  });

  it("CloudFormation refuses to delete what is protected, and the plan goes on from there", async () => {
    await apply(asked(), state);
    for (const stack of aws.stacks.values()) stack.isProtected = true;
    leave();
    await expect(apply(asked(), state)).rejects.toThrow("TerminationProtection");
    expect(aws.stacks.size).toBe(root.manifest().stacks.length);
  });
});

describe("The examples for one account", () => {
  it.each([
    ["one-account", WITHOUT_SPOKE, ["us-west-2"]],
    ["regions", TWO_REGIONS, ["eu-west-1", "us-west-2"]],
  ])(
    "%s makes every stack in its regions, says the address, and takes all away",
    async (example, policy, regions) => {
      root = rootModule(example);
      const { stacks } = await root.synthesize(policy);
      const { outputs } = await apply(asked(), state);
      expect(stackNames().toSorted()).toEqual(stacks.map(({ name }) => name).toSorted());
      expect([...new Set([...aws.stacks.keys()].map((id) => id.split("/")[1]))].toSorted()).toEqual(
        regions,
      );
      expect(outputs["api_url"]).toBe("ApiUrl-of-it");
      expect(await plan(asked(), state)).toEqual([]);
      leave();
      await apply(asked(), state);
      expect(aws.stacks.size).toBe(0);
    },
  );
});

/** The commands that the README's own line prints, each as its address and id. */
function importsOf(call: string, account: string): readonly (readonly [string, string])[] {
  const readme = readFileSync(path.join(MODULE, "README.md"), "utf8");
  const [line = "false"] = /^jq -r .* cdk\.out\/terraform\/terraform\.json/m.exec(readme) ?? [];
  const own = line.replace(HUB ?? "", account).replaceAll("module.hub.", `module.${call}.`);
  const printed = execFileSync("sh", ["-c", own], { cwd: root.folder, encoding: "utf8" });
  return [...printed.matchAll(/^'terraform' 'import' '(.+)' '(.+)'$/gm)].map(
    ([, address = "", id = ""]) => [address, id] as const,
  );
}

describe("Stacks that the CDK deployed", () => {
  it("The README's commands import each; the next apply updates them, and deletes or replaces nothing", async () => {
    await apply(asked(), state);
    const before = [...state.keys()].filter((one) => one.includes("aws_cloudformation_stack"));
    for (const [id, stack] of aws.stacks) {
      const { Version: _, ...Outputs } = JSON.parse(stack.template).Outputs ?? {};
      const template = JSON.stringify({ ...JSON.parse(stack.template), Outputs });
      aws.stacks.set(id, { template, parameters: {}, isProtected: true });
    }
    state = new Map();
    for (const [call, account] of [
      ["hub", HUB],
      ["spoke", SPOKE],
    ] as const)
      for (const one of importsOf(call, account ?? ""))
        await importStack(asked(), state, one, call === "spoke" ? account : undefined);
    expect([...state.keys()].toSorted()).toEqual(before.toSorted());
    const { changes } = await apply(asked(), state);
    expect(kinds(changes).filter((one) => one.endsWith("stack"))).toEqual(["update aws_stack"]);
    expect(changes.filter((one) => /^(?:delete|replace)/.test(one))).toEqual([]);
    expect([...aws.stacks.values()].every(({ isProtected }) => isProtected)).toBe(true);
    expect(await plan(asked(), state)).toEqual([]);
  });
});

describe("A plan refuses, and nothing is made", () => {
  const refused = async (message: string | RegExp) => {
    await expect(apply(asked(), state)).rejects.toThrow(message);
    expect([aws.stacks.size, aws.objects.size]).toEqual([0, 0]);
  };

  it("An assembly of another policy, with the command that makes it again", async () => {
    root.edit("version: 1\n");
    await refused(
      /made of other files than these: \.\.\/\.\.\/access\.yaml\. Nothing was changed\. Make it again: timelatch synth --terraform$/,
    );
  });

  it("A policy that is not there", async () => {
    rmSync(path.join(root.folder, "access.yaml"));
    await refused("timelatch synth --terraform");
  });

  it("Code that is not what the manifest says", async () => {
    const [object] = root.manifest().objects;
    writeFileSync(path.join(root.folder, "cdk.out/terraform", object?.file ?? ""), "other");
    await refused("is not what terraform.json says");
  });

  it("Credentials of another account", async () => {
    const file = path.join(root.folder, "main.tf");
    writeFileSync(file, readFileSync(file, "utf8").replace("providers = { aws = aws.spoke }", ""));
    await refused(`The credentials are of account ${HUB}, and this call is for ${SPOKE}`);
  });

  it("A region without a bucket", async () => {
    await root.synthesize(ALL_REGIONS);
    await refused(`Account ${HUB} gets stacks in eu-west-1, and buckets names none there`);
  });

  it("A bucket of another region", async () => {
    aws.buckets.set("elsewhere", "eu-central-1");
    const file = path.join(root.folder, "main.tf");
    const text = readFileSync(file, "utf8");
    writeFileSync(file, text.replace("aws_s3_bucket.hub.id", '"elsewhere"'));
    await refused("reading S3 Bucket (elsewhere): StatusCode: 301");
  });

  it("A hub that is not handed what comes before", async () => {
    const file = path.join(root.folder, "main.tf");
    const text = readFileSync(file, "utf8");
    writeFileSync(file, text.replace("  deployed = module.spoke.grantors\n", ""));
    await refused(
      `Timelatch comes after TimelatchAccount-${SPOKE}, TimelatchAccount-${SPOKE}-eu-west-1, which this call does not have.`,
    );
  });
});

const STACKS = "terraform/modules/stacks/main.tf";
const MAIN = "terraform/main.tf";
/** Then only the references keep the order. */
const NO_CONDITION = [
  STACKS,
  /length\(setsubtract\(each\.value\.after, keys\(var\.deployed\)\)\) == 0/,
  "keys(var.deployed) != null",
] as const;

type Mistake = readonly [file: string, before: RegExp, after: string];

describe("A mistake in the module's files is found", () => {
  it.each<readonly [string, readonly Mistake[], readonly string[], RegExp]>([
    [
      "forwarding that does not wait for the broker",
      [NO_CONDITION, [MAIN, /deployed = merge\(\n[\s\S]*?\n {2}\)/, ""]],
      ["spoke", "forward"],
      /TimelatchForward\S* names what/,
    ],
    [
      "the same, where the condition is there",
      [[MAIN, /deployed = merge\(\n[\s\S]*?\n {2}\)/, ""]],
      [],
      /TimelatchForward\S* comes after Timelatch, /,
    ],
    [
      "people's roles that do not wait for the broker",
      [NO_CONDITION, [MAIN, /merge\(var\.deployed, module\.broker\.deployed\)/, "{}"]],
      ["hub", "people"],
      /TimelatchPeople-1 names what Timelatch makes/,
    ],
    [
      "a broker that does not wait for other accounts",
      [
        NO_CONDITION,
        [MAIN, /merge\(var\.deployed, module\.account\.deployed/, "merge(module.account.deployed"],
      ],
      ["hub", "broker"],
      /Timelatch names what TimelatchAccount-\S+ makes/,
    ],
    [
      "stacks that do not wait for their templates",
      [[MAIN, /for name, object in aws_s3_object\.file :/, "for name, object in local.objects :"]],
      [],
      /S3 error: \S+ is not there/,
    ],
  ])("%s", async (_what, mistakes, first, message) => {
    await expect(apply(asked({ edit: editWith(mistakes), first }), state)).rejects.toThrow(message);
  });

  /** Every template is put where it was before, under the name of its stack. */
  const WITHOUT_HASH: readonly Mistake[] = [
    [
      MAIN,
      /= each\.value\.key/,
      '= endswith(each.value.key, ".zip") ? each.value.key : "$${each.value.name}.json"',
    ],
  ];

  it("A key without a hash: the changed template is not seen, and the next plan says so", async () => {
    const named = async (policy: AccessPolicy) => {
      const manifest = await root.synthesize(policy);
      const stackOf = ({ key, region }: { key: string; region: string }) =>
        manifest.stacks.find((one) => one.template === key && one.region === region)?.name ?? key;
      const objects = manifest.objects.map((one) => ({ ...one, name: stackOf(one) }));
      root.rewrite({ ...manifest, objects });
    };
    const edit = editWith(WITHOUT_HASH);
    await named(POLICY);
    await apply(asked({ edit }), state);
    await named(CHANGED);
    await expect(apply(asked({ edit }), state)).rejects.toThrow("has another template of");
  });

  it("Code that goes before the update: a stack that fails could not go back", async () => {
    for (const [mistakes, message] of [
      [[], /unexpected state 'UPDATE_ROLLBACK_COMPLETE'/],
      [[[MAIN, /create_before_destroy = true/, ""]], /S3 error: \S+\.zip is not there/],
    ] as const) {
      const edit = editWith(mistakes);
      aws = memoryAws(HUB ?? "", () => root.manifest());
      state = new Map();
      await root.synthesize(POLICY);
      await apply(asked({ edit }), state);
      await root.synthesize(POLICY, "export const handler = () => 2;");
      aws.failing.add("Timelatch");
      await expect(apply(asked({ edit }), state)).rejects.toThrow(message);
    }
  });
});

const editWith =
  (mistakes: readonly Mistake[]): Edit =>
  (file, text) => {
    let edited = text;
    for (const [, before, after] of mistakes.filter(([one]) => file.endsWith(one))) {
      expect(edited).toMatch(before);
      edited = edited.replace(before, after);
    }
    return edited;
  };
