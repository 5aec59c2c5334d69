/** A template as anybody can deploy it who has a bucket, without CDK's bootstrap. Pure. */
import { sha256 } from "../../../shared/domain/values/canonical-json.ts";
import type { Template } from "../assembly.ts";

/** The parameter that names the bucket with the code. */
const BUCKET_PARAMETER = "AssetsBucket";

/** The output by which a stack says which template it has. */
const VERSION_OUTPUT = "Version";

/** An asset's place for the CDK, and its key in the bucket of somebody else. */
export interface MovedAsset {
  readonly bucket: string;
  readonly key: string;
  readonly newKey: string;
}

export interface PlainTemplate {
  readonly text: string;
  /** The value of its output `Version`: SHA-256 of the template without that output, hex. */
  readonly version: string;
  readonly parameters: readonly string[];
  readonly outputs: readonly string[];
}

interface WholeTemplate extends Template {
  readonly Parameters?: NonNullable<Template["Parameters"]>;
  readonly Rules?: Readonly<Record<string, unknown>>;
  readonly Outputs?: Readonly<Record<string, unknown>>;
}

/**
 * The template without the CDK's rule about its bootstrap, with the assets where they are moved to, and with an output
 * that says what it is. Everything else stays, so that a stack may change hands without a change of its resources.
 *
 * @throws Error where it names a place of the bootstrap still
 */
export function plainTemplate(template: Template, assets: readonly MovedAsset[]): PlainTemplate {
  const { Parameters = {}, Rules = {}, Outputs = {}, ...rest } = template as WholeTemplate;
  const { BootstrapVersion: _version, ...own } = Parameters;
  const { CheckBootstrapVersion: _check, ...rules } = Rules;
  const moved = { ...rest, ...section("Rules", rules) };
  const placed = assets.length > 0 ? { ...own, [BUCKET_PARAMETER]: BUCKET } : own;
  const plain = {
    ...(withPlaces(moved, assets) as typeof moved),
    ...section("Parameters", placed),
  };
  const version = sha256(JSON.stringify({ ...plain, Outputs }));
  const outputs = { ...Outputs, [VERSION_OUTPUT]: { Description: ABOUT_VERSION, Value: version } };
  const text = JSON.stringify({ ...plain, Outputs: outputs });
  const left = assets.find(({ bucket, key }) => text.includes(bucket) || text.includes(key));
  if (left) throw new Error(`The template names ${left.bucket}/${left.key} still.`);
  return {
    text,
    version,
    parameters: Object.keys(placed),
    outputs: Object.keys(outputs),
  };
}

const BUCKET = {
  Type: "String",
  Description: "The bucket of this region with the code of the functions",
};

const ABOUT_VERSION = "The template that this stack has";

const section = (name: string, content: Readonly<Record<string, unknown>>) =>
  Object.keys(content).length > 0 ? { [name]: content } : {};

/** The same value, with each place of an asset exchanged. */
function withPlaces(value: unknown, assets: readonly MovedAsset[]): unknown {
  if (Array.isArray(value)) return value.map((one) => withPlaces(one, assets));
  if (typeof value === "string") {
    if (assets.some(({ bucket }) => bucket === value)) return { Ref: BUCKET_PARAMETER };
    return assets.find(({ key }) => key === value)?.newKey ?? value;
  }
  if (typeof value !== "object" || value === null) return value;
  const { "Fn::Sub": text } = value as { readonly "Fn::Sub"?: unknown };
  if (assets.some(({ bucket }) => bucket === text)) return { Ref: BUCKET_PARAMETER };
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, withPlaces(one, assets)]),
  );
}
