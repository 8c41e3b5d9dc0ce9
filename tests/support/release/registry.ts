import { createHash } from "node:crypto";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { basename } from "node:path";
import { type Release, readJson } from "./release.ts";

/** npm's registry on loopback, in which our release is the only package. */
export interface Registry extends AsyncDisposable {
  /** For npm, and whatever calls it. */
  readonly env: Readonly<Record<string, string>>;
  /** What was asked for beside the package: nothing of it is there. */
  readonly others: readonly string[];
}

/** `unpacked`: where the release lies unpacked. */
export async function startRegistry({ tarball }: Release, unpacked: string): Promise<Registry> {
  const content = await readFile(tarball);
  const manifest = (await readJson(unpacked, "package.json")) as { readonly name: string; readonly version: string };
  const others: string[] = [];
  const server = createServer(({ url = "" }, response) => {
    if (url === `/${basename(tarball)}`) response.end(content);
    else if (url === `/${manifest.name}`) response.end(JSON.stringify(packument()));
    else {
      others.push(url);
      response.writeHead(404).end("{}");
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const packument = () => {
    const { name, version } = manifest;
    const integrity = `sha512-${createHash("sha512").update(content).digest("base64")}`;
    const dist = { tarball: `${address}${basename(tarball)}`, integrity };
    return { name, "dist-tags": { latest: version }, versions: { [version]: { ...manifest, dist } } };
  };
  return {
    env: { npm_config_registry: address, npm_config_update_notifier: "false", npm_config_audit: "false" },
    others,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
