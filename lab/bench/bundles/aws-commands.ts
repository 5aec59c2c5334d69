/** The AWS commands in a bundle, and a module with only those. */
import type { Metafile } from "esbuild";

const COMMAND =
  /node_modules\/(@aws-sdk\/(?:client-[\w-]+|lib-dynamodb))\/.*\/commands\/(\w+Command)\.js$/;

/** The commands of AWS that are in a bundle, by package. */
export function awsCommandsIn({ outputs }: Metafile): ReadonlyMap<string, readonly string[]> {
  const inputs = Object.values(outputs).flatMap(({ inputs: all }) => Object.entries(all));
  const commands = inputs.flatMap(([file, { bytesInOutput }]) => {
    const [, name, command] = COMMAND.exec(file) ?? [];
    return name && command && bytesInOutput > 0 ? [{ name, command }] : [];
  });
  const byPackage = Map.groupBy(commands, ({ name }) => name);
  return new Map([...byPackage].map(([name, all]) => [name, all.map(({ command }) => command)]));
}

/** The class of a package's client: `DynamoDBClient`. Each package has one beside its base class. */
async function clientIn(name: string): Promise<string> {
  const exported = Object.keys((await import(name)) as object);
  const client = exported.find((one) => /^[A-Z]\w*Client$/.test(one));
  if (client === undefined) throw new Error(`${name} has no client. Nothing was measured.`);
  return client;
}

/** A module that makes one of each client, and holds each command. */
export async function bareModule(
  commands: ReadonlyMap<string, readonly string[]>,
): Promise<string> {
  const lines = await Promise.all(
    [...commands].map(async ([name, used]) => {
      const client = await clientIn(name);
      const made = name.endsWith("lib-dynamodb") ? client : `new ${client}({})`;
      return [
        `import { ${[client, ...used].join(", ")} } from ${JSON.stringify(name)};`,
        `export const ${client}Used = [${[made, ...used].join(", ")}];`,
      ];
    }),
  );
  return lines.flat().join("\n");
}
