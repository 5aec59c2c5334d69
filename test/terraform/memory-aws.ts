/**
 * An AWS in memory for the module's drivers: CloudFormation takes a template and code only from where they are, refuses a
 * stack before what it names, and goes back to the old code where an update fails.
 */
import { readFileSync } from "node:fs";
import type { TerraformManifest } from "../../cli/deployment/terraform/terraform-manifest.ts";
import type { Driver, Drivers, Provider, Values } from "./drivers.ts";

interface MemoryStack {
  readonly parameters: Values;
  readonly template: string;
  isProtected: boolean;
}

export interface MemoryAws {
  readonly drivers: Drivers;
  /** By account, region and name. */
  readonly stacks: Map<string, MemoryStack>;
  /** Contents by bucket and key. */
  readonly objects: Map<string, Buffer>;
  /** Regions by name. */
  readonly buckets: Map<string, string>;
  /** Names of stacks whose next update fails. */
  readonly failing: Set<string>;
}

/** @param manifest says what each stack names */
export function memoryAws(hub: string, manifest: () => TerraformManifest): MemoryAws {
  const aws = {
    stacks: new Map<string, MemoryStack>(),
    objects: new Map<string, Buffer>(),
    buckets: new Map<string, string>(),
    failing: new Set<string>(),
  };
  const accountOf = ({ account }: Provider) => account ?? hub;
  const resources = {
    aws_cloudformation_stack: stackDriver(aws, accountOf, manifest),
    aws_s3_object: objectDriver(aws),
    aws_s3_bucket: bucketDriver(aws),
  };
  const data = {
    aws_caller_identity: async (_given: Values, provider: Provider) => ({
      account_id: accountOf(provider),
    }),
    aws_s3_bucket: async ({ bucket, region }: Values) => {
      const place = aws.buckets.get(String(bucket));
      if (place !== region) throw new Error(`reading S3 Bucket (${bucket}): StatusCode: 301`);
      const host = `${bucket}.s3.${place}.amazonaws.com`;
      return { id: bucket, bucket_region: place, bucket_regional_domain_name: host };
    },
  };
  return { ...aws, drivers: { resources, data } };
}

type Aws = Omit<MemoryAws, "drivers">;

function stackDriver(
  aws: Aws,
  accountOf: (provider: Provider) => string,
  manifest: () => TerraformManifest,
): Driver {
  const { stacks, failing } = aws;
  const idOf = ({ name, region }: Values, provider: Provider) =>
    [accountOf(provider), region, name].join("/");
  const outputsOf = ({ template }: MemoryStack) =>
    Object.fromEntries(
      Object.entries(
        (JSON.parse(template).Outputs ?? {}) as Record<string, { readonly Value: unknown }>,
      ).map(([key, { Value }]) => [key, typeof Value === "string" ? Value : `${key}-of-it`]),
    );
  const found = (id: string) => {
    const stack = stacks.get(id);
    return stack && { id, outputs: outputsOf(stack) };
  };
  const made = (given: Values): MemoryStack => {
    const parameters = (given["parameters"] ?? {}) as Values;
    const template = contentAt(aws, String(given["template_url"]));
    demandCode(aws, template, parameters);
    return { parameters, template, isProtected: false };
  };
  return {
    replacedBy: ["name", "region"],
    computed: ["id", "outputs"],
    read: async (attributes, provider) => found(idOf(attributes, provider)),
    async create(given, provider) {
      const { after = [] } = manifest().stacks.find(({ name }) => name === given["name"]) ?? {};
      const there = [...stacks.keys()].map((id) => id.split("/")[2]);
      for (const one of after)
        if (!there.includes(one)) throw new Error(`${given["name"]} names what ${one} makes`);
      const id = idOf(given, provider);
      stacks.set(id, made(given));
      return found(id) ?? {};
    },
    async update(given, _before, provider) {
      const [id, name] = [idOf(given, provider), String(given["name"])];
      const old = stacks.get(id);
      const next = made(given);
      if (old && failing.delete(name)) {
        demandCode(aws, old.template, old.parameters);
        throw new Error(`waiting for ${name}: unexpected state 'UPDATE_ROLLBACK_COMPLETE'`);
      }
      stacks.set(id, { ...next, isProtected: old?.isProtected ?? false });
      return found(id) ?? {};
    },
    async remove(attributes, provider) {
      const id = idOf(attributes, provider);
      if (stacks.get(id)?.isProtected) throw new Error("TerminationProtection is enabled");
      stacks.delete(id);
    },
  };
}

/** The template at an address. */
function contentAt({ objects }: Aws, url: string): string {
  const [, bucket, key] = /^https:\/\/([^.]+)\.s3\.[\w-]+\.amazonaws\.com\/(.+)$/.exec(url) ?? [];
  const content = objects.get(`${bucket}/${key}`);
  if (!content) throw new Error(`S3 error: ${url} is not there`);
  return content.toString();
}

/** The bucket of the template's parameter has the code of every function. */
function demandCode({ objects }: Aws, template: string, parameters: Values): void {
  for (const [, key] of template.matchAll(/"S3Key":"([^"]+)"/g)) {
    const place = `${parameters["AssetsBucket"]}/${key}`;
    if (!objects.has(place)) throw new Error(`S3 error: ${place} is not there`);
  }
}

function objectDriver({ objects, buckets }: Aws): Driver {
  const placeOf = ({ bucket, key }: Values) => `${bucket}/${key}`;
  const put = async (given: Values) => {
    if (buckets.get(String(given["bucket"])) !== given["region"])
      throw new Error("StatusCode: 301");
    objects.set(placeOf(given), readFileSync(String(given["source"])));
    return { id: given["key"] };
  };
  return {
    replacedBy: ["bucket", "key", "region"],
    computed: ["id", "etag"],
    read: async (given) => (objects.has(placeOf(given)) ? { id: given["key"] } : undefined),
    create: put,
    update: put,
    remove: async (given) => void objects.delete(placeOf(given)),
  };
}

const bucketDriver = ({ buckets, objects }: Aws): Driver => ({
  replacedBy: ["bucket", "region"],
  computed: ["id"],
  read: async ({ bucket }) => (buckets.has(String(bucket)) ? { id: bucket } : undefined),
  create: async ({ bucket, region }, provider) => {
    buckets.set(String(bucket), String(region ?? provider.region));
    return { id: bucket };
  },
  update: async ({ bucket }) => ({ id: bucket }),
  remove: async ({ bucket }) => {
    if ([...objects.keys()].some((place) => place.startsWith(`${bucket}/`)))
      throw new Error("BucketNotEmpty");
    buckets.delete(String(bucket));
  },
});
