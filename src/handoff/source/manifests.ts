import { basename } from "node:path";

/** True for files in which a project says what it depends on. Lock files only say what became of that. */
export function isManifest(path: string): boolean {
  return MANIFESTS.some((pattern) => pattern.test(basename(path)));
}

const MANIFESTS: readonly RegExp[] = [
  /^(?:package|composer)\.json$/,
  /^requirements.*\.(?:txt|in)$/i,
  /^(?:pyproject|Cargo)\.toml$/,
  /^(?:go\.mod|Gemfile|Pipfile|pom\.xml)$/,
  /^setup\.(?:py|cfg)$/,
  /^build\.gradle(?:\.kts)?$/,
  /\.csproj$/,
  /^(?:.*\.)?(?:Dockerfile|Containerfile)(?:\..*)?$/i,
];
