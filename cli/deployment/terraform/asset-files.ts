/** The code and the dependencies of an assembly's stacks, as the CDK's manifests name them. */
import { readFileSync } from "node:fs";
import path from "node:path";

/** A folder or file that a template names by where the CDK's bootstrap would put it. */
export interface StackAsset {
  /** As the template has it: a name, or the text of a `Fn::Sub`. */
  readonly bucket: string;
  readonly key: string;
  /** From the working directory. */
  readonly source: string;
  readonly isFolder: boolean;
}

/** The parts of a stack that only a deployment without the CDK has to know. */
export interface StackDetails {
  /** Names of the stacks that the CDK deploys before it. */
  readonly after: readonly string[];
  readonly assets: readonly StackAsset[];
  /** Whether it has images of containers, which go into a registry and not into a bucket. */
  readonly hasImages: boolean;
}

interface Artifact {
  readonly type: string;
  readonly dependencies?: readonly string[];
  readonly properties?: { readonly file?: string; readonly stackName?: string };
}

interface AssetManifest {
  readonly files?: Readonly<
    Record<
      string,
      {
        readonly source: { readonly path: string; readonly packaging: string };
        readonly destinations: Readonly<
          Record<string, { readonly bucketName: string; readonly objectKey: string }>
        >;
      }
    >
  >;
  readonly dockerImages?: Readonly<Record<string, unknown>>;
}

/**
 * By the names of the stacks. A stack's own template is no asset of it here.
 *
 * @param folder `cdk.out`
 */
export function stackDetails(folder: string): ReadonlyMap<string, StackDetails> {
  const { artifacts } = jsonIn<{ readonly artifacts: Readonly<Record<string, Artifact>> }>(
    path.join(folder, "manifest.json"),
  );
  const nameOf = (id: string) => artifacts[id]?.properties?.stackName ?? id;
  const stacks = Object.entries(artifacts).filter(
    ([, { type }]) => type === "aws:cloudformation:stack",
  );
  return new Map(
    stacks.map(([id, { dependencies = [] }]) => {
      const manifests = dependencies.flatMap((one) => {
        const { type, properties } = artifacts[one] ?? {};
        return type === "cdk:asset-manifest" && properties?.file ? [properties.file] : [];
      });
      const read = manifests.map((file) => jsonIn<AssetManifest>(path.join(folder, file)));
      const after = dependencies.filter((one) => stacks.some(([other]) => other === one));
      return [
        nameOf(id),
        {
          after: after.map(nameOf),
          assets: read.flatMap((one) => assetsOf(folder, one)),
          hasImages: read.some(({ dockerImages = {} }) => Object.keys(dockerImages).length > 0),
        },
      ];
    }),
  );
}

const jsonIn = <Content>(file: string): Content =>
  JSON.parse(readFileSync(file, "utf8")) as Content;

const assetsOf = (folder: string, { files = {} }: AssetManifest): readonly StackAsset[] =>
  Object.values(files)
    .filter(({ source }) => !source.path.endsWith(".template.json"))
    .flatMap(({ source, destinations }) =>
      Object.values(destinations).map(({ bucketName: bucket, objectKey: key }) => ({
        bucket,
        key,
        source: path.join(folder, source.path),
        isFolder: source.packaging === "zip",
      })),
    );
