/** A registry with what npm installed here, for readers who install it again without a network. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";

const INSTALLED = path.resolve(import.meta.dirname, "../../../node_modules");

export interface InstalledRegistry {
  readonly url: string;
  close(): void;
}

/** Only the version that is installed is there. A package's own dependencies come with it where it bundles them. */
export async function installedRegistry(): Promise<InstalledRegistry> {
  const server = createServer((request, response) => {
    const asked = decodeURIComponent(request.url ?? "").slice(1);
    const name = asked.replace(/^tarball\//, "");
    const folder = path.join(INSTALLED, name);
    if (!existsSync(path.join(folder, "package.json"))) response.writeHead(404).end("{}");
    else if (asked !== name) packed(folder).pipe(response);
    else response.end(JSON.stringify(described(name, folder, url)));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** https://github.com/npm/registry/blob/main/docs/responses/package-metadata.md */
function described(name: string, folder: string, url: string) {
  const manifest = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8"));
  const { version } = manifest as { readonly version: string };
  const dist = { tarball: `${url}/tarball/${name}` };
  return { name, "dist-tags": { latest: version }, versions: { [version]: { ...manifest, dist } } };
}

/** As npm packs it: everything below `package`. */
const packed = (folder: string) =>
  spawn("tar", ["-c", "-I", "gzip -1", "--transform", "s,^\\.,package,", "-C", folder, "."], {
    stdio: ["ignore", "pipe", "inherit"],
  }).stdout;
